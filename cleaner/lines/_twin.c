/* What is no matrix product in judging lines: the twin of counts.py, alone.py, paths.py and units.py, which say what is
 * done and why. Here each line is read once, character by character, and every number comes out as it does there; tests
 * hold the two against each other. Where this file was not compiled, those others do the work.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* The kinds of characters, as in letters.py. */
enum { SPACE, LOWER, UPPER, UNCASED, IDEOGRAPH, DIGIT, STOP, COMMA, QUOTE, SIGN, ELLIPSIS, KINDS };

#define PLANE 0x10000  /* characters of which tables know the kind and the lower case */
#define TELLING 4      /* letters of a word that is worth looking for elsewhere … */
#define STEM 5         /* … and those by which it is known */
#define FARTHEST 4     /* lines within which a pattern is looked for again */
#define TURN 1024      /* places of a pattern that have a factor of their own */
#define ROOM 16        /* numbers that there are for each thing that gets one … */
#define LEAST_BITS 12  /* … and for all of them together, as a power of two */
#define WIDTH 16       /* bytes of a name that is lent */
#define LETTERS 26     /* from a to z */
#define MOST 8         /* names that may be said of a row */

static const uint64_t FACTOR = 0x9E3779B97F4A7C15u;
static const float WORDS_OF_AN_IDEOGRAPH = 0.6f, NO_LENGTH = 0.45f, NO_SHORT = 0.3f;

/* The rows that are put out, a number for each line in each: what it is by itself, by `alone.NAMES`, and then these. */
enum { ALONE = 27, OTHERS = ALONE, NEAR, WORDS = NEAR + FARTHEST, SAID, ROWS };

/* What is known of characters, lent by letters.py. */
typedef struct {
    const uint8_t *kinds;
    const uint32_t *lower;
} Tables;

/* Words, or pairs of ideographs: by what each is known, and the line that it stands in. */
typedef struct {
    uint64_t *keys;
    Py_ssize_t *lines;
    Py_ssize_t size, room;
} Words;

/* What is counted in a line. */
typedef struct {
    Py_ssize_t count[KINDS]; /* its characters */
    Py_ssize_t heads[KINDS]; /* its words, by their first character */
    Py_ssize_t letters, few; /* characters of these words, and how many are short */
    int begins, ends, before, clock, year;
    uint64_t pattern;
} Line;

/* What is read. */
typedef struct {
    Py_ssize_t number; /* lines in all */
    Line *lines;
    Words words, pairs;
    int last, before;  /* kinds of the last character that is no space and of the one before it, -1 at first */
} Reader;

static int kind_of(const Tables *tables, Py_UCS4 code) {
    if (code < PLANE)
        return tables->kinds[code];
    return code >= 0x20000 && code <= 0x3FFFF ? IDEOGRAPH : SIGN;
}

static uint64_t lowered(const Tables *tables, Py_UCS4 code) {
    return code < PLANE ? tables->lower[code] : code;
}

static int is_in_word(int kind) {
    return kind == LOWER || kind == UPPER || kind == UNCASED || kind == DIGIT;
}

/* What a stretch of a kind is in a pattern: letters are letters. */
static uint64_t form_of(int kind) {
    return kind == UPPER || kind == UNCASED || kind == IDEOGRAPH ? LOWER + 1 : kind + 1;
}

static int put(Words *words, uint64_t key, Py_ssize_t line) {
    if (words->size == words->room) {
        Py_ssize_t room = 2 * words->room + 256;
        uint64_t *keys = PyMem_Realloc(words->keys, (size_t)room * sizeof *keys);
        if (keys)
            words->keys = keys;
        Py_ssize_t *lines = PyMem_Realloc(words->lines, (size_t)room * sizeof *lines);
        if (lines)
            words->lines = lines;
        if (!keys || !lines)
            return 0;
        words->room = room;
    }
    words->keys[words->size] = key;
    words->lines[words->size++] = line;
    return 1;
}

/* Put a word, and count it. Returns whether there was memory for it. */
static int put_word(Reader *reader, Line *line, const Py_UCS4 *word, Py_ssize_t size, const Tables *tables) {
    line->letters += size;
    if (size < TELLING) {
        line->few++;
        return 1;
    }
    if (size == 4 && ((word[0] == '1' && word[1] >= '8') || (word[0] == '2' && word[1] == '0')))
        line->year = 1; /* 1800 to 2099 */
    uint64_t key = 0, factor = FACTOR;
    for (Py_ssize_t i = 0; i < size && i < STEM; i++, factor *= FACTOR)
        key += factor * (lowered(tables, word[i]) + 1);
    return put(&reader->words, key, line - reader->lines);
}

/* Read one line. Returns whether there was memory for its words. */
static int read_line(Reader *reader, Line *line, const Py_UCS4 *text, Py_ssize_t size, const Tables *tables) {
    Py_ssize_t place = 0, word = -1;
    uint64_t form = 0, factor = FACTOR;
    int kind = SPACE, next = size ? kind_of(tables, text[0]) : SPACE;
    line->begins = -1;
    for (Py_ssize_t start = 0, end = 0; start < size; start = end) { /* stretches of a kind */
        int last = kind;
        kind = next;
        while (++end < size && (next = kind_of(tables, text[end])) == kind)
            continue;
        line->count[kind] += end - start;
        if (is_in_word(kind)) {
            if (word < 0) {
                word = start;
                line->heads[kind]++;
            }
        } else if (word >= 0) {
            if (!put_word(reader, line, text + word, start - word, tables))
                return 0;
            word = -1;
        }
        if (kind == SPACE)
            continue;
        line->begins = line->begins < 0 ? kind : line->begins;
        reader->before = end - start > 1 || reader->last < 0 ? kind : reader->last;
        reader->last = kind;
        if (form_of(kind) != form) {
            form = form_of(kind);
            line->pattern += form * factor;
            factor = ++place % TURN ? factor * FACTOR : FACTOR;
        }
        if (text[start] == ':' && last == DIGIT && end - start == 1 && end < size && next == DIGIT)
            line->clock = 1;
        for (Py_ssize_t i = start + 1; kind == IDEOGRAPH && i < end; i++)
            if (!put(&reader->pairs, text[i - 1] * FACTOR + text[i] * (FACTOR * FACTOR), line - reader->lines))
                return 0;
    }
    line->ends = reader->last;
    line->before = reader->before;
    return word < 0 || put_word(reader, line, text + word, size - word, tables);
}

/* Lines of spaces alone begin as the next line does, and end as the last one before them. */
static void fill_gaps(Reader *reader) {
    int next = reader->last < 0 ? SPACE : reader->last;
    for (Py_ssize_t i = reader->number - 1; i >= 0; i--)
        next = reader->lines[i].begins = reader->lines[i].begins < 0 ? next : reader->lines[i].begins;
    for (Py_ssize_t i = 0; i < reader->number && reader->lines[i].ends < 0; i++)
        reader->lines[i].ends = reader->lines[i].before = next;
}

static float least(float number, float other) {
    return number < other ? number : other;
}

static float most(float number, float other) {
    return number > other ? number : other;
}

/* Put out what a line is by itself; logarithms are taken by numpy. */
static void put_out(const Line *line, float *rows, Py_ssize_t number) {
    const Py_ssize_t *count = line->count, *heads = line->heads;
    int ends = line->ends, before = line->before, begins = line->begins;
    Py_ssize_t all = 0, every = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        all += heads[kind];
        every += count[kind];
    }
    float ideographs = WORDS_OF_AN_IDEOGRAPH * (float)count[IDEOGRAPH], words = (float)all + ideographs;
    float some = most(words, 1), any = most((float)all, 1), seen = most((float)(every - count[SPACE]), 1);
    float cased = (float)(count[UPPER] + count[LOWER]);
    int stop = ends == STOP || (ends == QUOTE && (before == STOP || before == ELLIPSIS));
    int dots = ends == ELLIPSIS || (ends == STOP && before == STOP);
    Py_ssize_t stops = count[STOP] - (count[STOP] > 0 && ends == STOP);
    const float found[] = {
        words,
        least(words / 50, 3),
        all ? (float)line->letters / any / 10 : NO_LENGTH,
        all ? (float)line->few / any : NO_SHORT,
        (float)heads[UPPER] / any,
        (float)heads[LOWER] / any,
        (float)count[UPPER] / most(cased, 1),
        begins == UPPER,
        begins == LOWER,
        begins == DIGIT,
        begins == SIGN || begins == STOP || begins == COMMA,
        stop && !dots,
        ends == COMMA,
        dots,
        ends == QUOTE,
        least(10 * (float)stops / some, 3),
        (float)count[STOP],
        least(10 * (float)count[COMMA] / some, 3),
        (float)count[COMMA],
        (float)count[DIGIT] / seen,
        (float)heads[DIGIT] / any,
        least((float)count[SIGN] / some, 2),
        count[SIGN] > 0,
        least((float)count[QUOTE] / some, 2),
        1 - (cased + (float)count[UNCASED] + (float)count[IDEOGRAPH]) / seen,
        (float)line->clock,
        (float)line->year,
    };
    for (int row = 0; row < ALONE; row++)
        rows[row * number] = found[row];
    rows[WORDS * number] = words;
    rows[SAID * number] = stop && words >= 4;
}

/* How many bits the numbers of some things have. */
static int bits_of(Py_ssize_t size) {
    int bits = LEAST_BITS;
    while (bits < 62 && (uint64_t)size * ROOM >> bits)
        bits++;
    return bits;
}

static Py_ssize_t number_of(uint64_t key, int bits) {
    return (Py_ssize_t)(key * FACTOR >> (64 - bits));
}

/* Find the patterns that come again. Returns whether there was memory for it. */
static int find_patterns(const Reader *reader, float *rows) {
    Py_ssize_t n = reader->number;
    float *others = rows + OTHERS * n, *near = rows + NEAR * n;
    int bits = bits_of(n);
    Py_ssize_t *times = PyMem_Calloc((size_t)1 << bits, sizeof *times);
    if (!times)
        return 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        reader->lines[i].pattern = (uint64_t)number_of(reader->lines[i].pattern, bits);
        times[reader->lines[i].pattern]++;
    }
    memset(near, 0, (size_t)(FARTHEST * n) * sizeof *near);
    for (Py_ssize_t i = 0; i < n; i++) {
        const Line *line = reader->lines + i;
        int telling = line->count[DIGIT] + line->count[SIGN] > 0;
        others[i] = telling ? (float)(times[line->pattern] - 1) : 0;
        for (Py_ssize_t step = 1; telling && step <= FARTHEST && step <= i; step++)
            if (line->pattern == line[-step].pattern)
                near[(step - 1) * n + i] = near[(step - 1) * n + i - step] = 1;
    }
    PyMem_Free(times);
    return 1;
}

/* Read the lines of a list. Returns whether that was done; if not, an error is set. */
static int read_all(Reader *reader, PyObject *lines, float *rows, const Tables *tables) {
    Py_ssize_t longest = 0;
    for (Py_ssize_t i = 0; i < reader->number; i++) {
        Py_ssize_t size = PyUnicode_GetLength(PyList_GetItem(lines, i));
        if (size < 0)
            return 0;
        longest = size > longest ? size : longest;
    }
    Py_UCS4 *text = PyMem_Calloc((size_t)longest + 1, sizeof *text);
    reader->lines = PyMem_Calloc((size_t)reader->number + 1, sizeof *reader->lines);
    int room = text && reader->lines;
    for (Py_ssize_t i = 0; i < reader->number && room; i++) {
        PyObject *line = PyList_GetItem(lines, i);
        if (!PyUnicode_AsUCS4(line, text, longest, 0)) {
            PyMem_Free(text);
            return 0;
        }
        room = read_line(reader, reader->lines + i, text, PyUnicode_GetLength(line), tables);
    }
    PyMem_Free(text);
    if (room) {
        fill_gaps(reader);
        for (Py_ssize_t i = 0; i < reader->number; i++)
            put_out(reader->lines + i, rows + i, reader->number);
        room = find_patterns(reader, rows);
    }
    if (!room)
        PyErr_NoMemory();
    return room;
}

/* The words and the pairs, numbered, and their lines, as two bytearrays; and how many numbers there may be. */
static PyObject *numbered(const Reader *reader, PyObject *rows) {
    const Words *parts[] = {&reader->words, &reader->pairs};
    Py_ssize_t size = reader->words.size + reader->pairs.size;
    int bits = bits_of(size);
    PyObject *word = PyByteArray_FromStringAndSize(NULL, size * (Py_ssize_t)sizeof(Py_ssize_t));
    PyObject *line = PyByteArray_FromStringAndSize(NULL, size * (Py_ssize_t)sizeof(Py_ssize_t));
    PyObject *result = NULL;
    if (word && line) {
        Py_ssize_t *to = (Py_ssize_t *)PyByteArray_AsString(word), *of = (Py_ssize_t *)PyByteArray_AsString(line);
        for (int part = 0; part < 2; part++)
            for (Py_ssize_t i = 0; i < parts[part]->size; i++) {
                *to++ = number_of(parts[part]->keys[i], bits);
                *of++ = parts[part]->lines[i];
            }
        result = Py_BuildValue("OOOn", rows, word, line, (Py_ssize_t)1 << bits);
    }
    Py_XDECREF(word);
    Py_XDECREF(line);
    return result;
}

PyDoc_STRVAR(alone_doc,
"alone(lines, kinds, lower)\n--\n\n"
"Read a list of lines. Returns, as bytearrays, the rows (float32), the number of each telling word and the line that\n"
"it stands in (intp); and how many numbers there may be.");

static PyObject *alone(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *lines, *rows, *result = NULL;
    Py_buffer kinds, lower;
    if (!PyArg_ParseTuple(args, "O!y*y*", &PyList_Type, &lines, &kinds, &lower))
        return NULL;
    Reader reader = {.number = PyList_Size(lines), .last = -1, .before = -1};
    Tables tables = {kinds.buf, lower.buf};
    if (kinds.len != PLANE || lower.len != PLANE * (Py_ssize_t)sizeof(uint32_t))
        PyErr_SetString(PyExc_ValueError, "the tables should hold a plane of characters each");
    else if ((rows = PyByteArray_FromStringAndSize(NULL, ROWS * reader.number * (Py_ssize_t)sizeof(float)))) {
        if (read_all(&reader, lines, (float *)PyByteArray_AsString(rows), &tables))
            result = numbered(&reader, rows);
        Py_DECREF(rows);
    }
    PyMem_Free(reader.lines);
    PyMem_Free(reader.words.keys);
    PyMem_Free(reader.words.lines);
    PyMem_Free(reader.pairs.keys);
    PyMem_Free(reader.pairs.lines);
    PyBuffer_Release(&kinds);
    PyBuffer_Release(&lower);
    return result;
}

/* Find what each line shares. Returns whether all numbers are in their bounds. */
static int find_shares(const Py_ssize_t *word, const Py_ssize_t *line, Py_ssize_t size, const uint8_t *lines,
                       Py_ssize_t n, Py_ssize_t known, uint32_t *used, float *found, uint32_t *in_all) {
    for (Py_ssize_t i = 0; i < size; i++) {
        if (word[i] < 0 || word[i] >= known || line[i] < 0 || line[i] >= n)
            return 0;
        used[word[i]] += lines[line[i]] != 0;
        in_all[line[i]]++;
    }
    for (Py_ssize_t i = 0; i < size; i++)
        found[line[i]] += used[word[i]] > (lines[line[i]] != 0);
    for (Py_ssize_t i = 0; i < n; i++)
        found[i] /= in_all[i] ? (float)in_all[i] : 1;
    return 1;
}

PyDoc_STRVAR(shared_doc,
"shared(word, line, known, lines)\n--\n\n"
"Return, as a bytearray (float32), the share of each line's words that others of some lines use as well.");

static PyObject *shared(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *result = NULL;
    Py_buffer word, line, lines;
    Py_ssize_t known;
    if (!PyArg_ParseTuple(args, "y*y*ny*", &word, &line, &known, &lines))
        return NULL;
    Py_ssize_t n = lines.len;
    uint32_t *used = known < 0 ? NULL : PyMem_Calloc((size_t)known + 1, sizeof *used);
    uint32_t *in_all = PyMem_Calloc((size_t)n + 1, sizeof *in_all);
    result = PyByteArray_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float));
    if (!used || !in_all || !result) {
        Py_CLEAR(result);
        PyErr_NoMemory();
    } else {
        float *found = (float *)PyByteArray_AsString(result);
        for (Py_ssize_t i = 0; i < n; i++)
            found[i] = 0;
        if (word.len != line.len || !find_shares(word.buf, line.buf, word.len / (Py_ssize_t)sizeof(Py_ssize_t),
                                                 lines.buf, n, known, used, found, in_all)) {
            Py_CLEAR(result);
            PyErr_SetString(PyExc_ValueError, "a word has no line, or a number that there is not");
        }
    }
    PyMem_Free(used);
    PyMem_Free(in_all);
    PyBuffer_Release(&word);
    PyBuffer_Release(&line);
    PyBuffer_Release(&lines);
    return result;
}

/* What is known of the names of elements, ids and classes, lent by twin.py: each takes WIDTH bytes, the rest zero. */
typedef struct {
    const char *tags, *above, *words;
    Py_ssize_t tags_number, above_number, words_number;
    const uint8_t *edges;    /* by word: 1 if no letter may stand before it, 2 if none may follow */
    const uint8_t *families; /* by word */
    const uint16_t *heads;   /* by the first two letters of a word: the first such word; and how many words there are */
    int hints;               /* families */
} Names;

static int is_small(char byte) {
    return byte >= 'a' && byte <= 'z';
}

static int is_letter(char byte) {
    return is_small(byte) || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Whether one of the names that are lent is the first bytes of a text. Returns its size, or 0. */
static Py_ssize_t begins_with(const char *name, const char *text, Py_ssize_t size) {
    Py_ssize_t i = 0;
    while (i < WIDTH && name[i])
        if (i == size || text[i] != name[i])
            return 0;
        else
            i++;
    return i;
}

/* The bit of an element's name. */
static uint64_t bit_of(const char *names, Py_ssize_t number, const char *text, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < number; i++)
        if (begins_with(names + i * WIDTH, text, size) == size && size)
            return 1ull << i;
    return 0;
}

/* The families of words in an id or a class. */
static uint64_t hints_of(const Names *names, const char *text, Py_ssize_t size) {
    uint64_t found = 0;
    for (Py_ssize_t i = 0; i + 1 < size; i++) {
        if (!is_small(text[i]) || !is_small(text[i + 1]))
            continue;
        const uint16_t *head = names->heads + LETTERS * (text[i] - 'a') + (text[i + 1] - 'a');
        for (Py_ssize_t k = head[0]; k < head[1] && k < names->words_number; k++) {
            Py_ssize_t end = i + begins_with(names->words + k * WIDTH, text + i, size - i);
            if (end > i && !(names->edges[k] & 1 && i && is_letter(text[i - 1])) &&
                !(names->edges[k] & 2 && end < size && is_letter(text[end])))
                found |= 1ull << names->families[k];
        }
    }
    return found;
}

/* Read a path in ASCII and lower case. Returns its depth. */
static Py_ssize_t read_path(const Names *names, const char *path, Py_ssize_t size, uint64_t *set) {
    uint64_t last = 0, above = 0, far = 0, up = 0, own = 0;
    Py_ssize_t depth = 0;
    for (Py_ssize_t at = size && path[0] == '/'; at <= size; at++) {
        Py_ssize_t first = at;
        while (at < size && path[at] != '/' && path[at] != '#' && path[at] != '.')
            at++;
        last = bit_of(names->tags, names->tags_number, path + first, at - first);
        above |= bit_of(names->above, names->above_number, path + first, at - first);
        far |= up;
        up = own;
        own = 0;
        while (at < size && path[at] != '/') {
            for (first = ++at; at < size && path[at] != '/' && path[at] != '#' && path[at] != '.';)
                at++;
            own |= hints_of(names, path + first, at - first);
        }
        depth++;
    }
    *set = (((up | own) << names->hints | far) << names->above_number | above) << names->tags_number | last;
    return depth;
}

/* Read the paths of a list, those that are no ASCII left out. Returns whether there was no error. */
static int read_paths(PyObject *paths, Py_ssize_t number, const Names *names, uint64_t *sets, Py_ssize_t *depths) {
    Py_ssize_t size, room = 0;
    char *lower = NULL;
    for (Py_ssize_t i = 0; i < number; i++) {
        sets[i] = 0;
        depths[i] = 0;
        const char *path = PyUnicode_AsUTF8AndSize(PyList_GetItem(paths, i), &size);
        if (!path && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
            PyErr_Clear();
            continue;
        }
        if (path && size >= room) {
            char *larger = PyMem_Realloc(lower, 2 * (size_t)size + 1);
            if (!larger)
                PyErr_NoMemory();
            path = larger ? path : NULL;
            lower = larger ? larger : lower;
            room = 2 * size + 1;
        }
        if (!path) {
            PyMem_Free(lower);
            return 0;
        }
        Py_ssize_t k = 0;
        for (; k < size && !(path[k] & 0x80); k++)
            lower[k] = (char)(path[k] >= 'A' && path[k] <= 'Z' ? path[k] | 0x20 : path[k]);
        if (k == size)
            depths[i] = read_path(names, lower, size, &sets[i]);
    }
    PyMem_Free(lower);
    return 1;
}

PyDoc_STRVAR(marks_doc,
"marks(paths, tags, above, words, edges, families, heads, hints)\n--\n\n"
"Read a list of paths. Returns, as bytearrays, the marks of each (uint64) and its depth (intp), 0 if it is no ASCII.");

static PyObject *marks(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *paths, *sets, *depths, *result = NULL;
    Py_buffer tags, above, words, edges, families, heads;
    Names names;
    if (!PyArg_ParseTuple(args, "O!y*y*y*y*y*y*i", &PyList_Type, &paths, &tags, &above, &words, &edges, &families,
                          &heads, &names.hints))
        return NULL;
    Py_ssize_t number = PyList_Size(paths);
    names = (Names){tags.buf, above.buf, words.buf, tags.len / WIDTH, above.len / WIDTH, words.len / WIDTH,
                    edges.buf, families.buf, heads.buf, names.hints};
    sets = PyByteArray_FromStringAndSize(NULL, number * (Py_ssize_t)sizeof(uint64_t));
    depths = PyByteArray_FromStringAndSize(NULL, number * (Py_ssize_t)sizeof(Py_ssize_t));
    if (names.hints < 0 || names.tags_number + names.above_number + 2 * names.hints > 63 ||
        edges.len != names.words_number || families.len != names.words_number ||
        heads.len != (LETTERS * LETTERS + 1) * (Py_ssize_t)sizeof(uint16_t))
        PyErr_SetString(PyExc_ValueError, "the tables of names do not fit each other");
    else if (sets && depths && read_paths(paths, number, &names, (uint64_t *)PyByteArray_AsString(sets),
                                          (Py_ssize_t *)PyByteArray_AsString(depths)))
        result = PyTuple_Pack(2, sets, depths);
    Py_XDECREF(sets);
    Py_XDECREF(depths);
    PyBuffer_Release(&tags);
    PyBuffer_Release(&above);
    PyBuffer_Release(&words);
    PyBuffer_Release(&edges);
    PyBuffer_Release(&families);
    PyBuffer_Release(&heads);
    return result;
}

PyDoc_STRVAR(near_doc,
"near(state, units, step)\n--\n\n"
"Return, as a bytearray (float32), each line's state between those of the lines so many steps before and after it.");

static PyObject *near(PyObject *Py_UNUSED(module), PyObject *args) {
    Py_buffer state;
    Py_ssize_t units, step;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nn", &state, &units, &step))
        return NULL;
    if (units < 1 || step < 1 || state.len % (units * (Py_ssize_t)sizeof(float)))
        PyErr_SetString(PyExc_ValueError, "a state should have so many units for each line, and a step should be one");
    else if ((result = PyByteArray_FromStringAndSize(NULL, 3 * state.len))) {
        Py_ssize_t size = units * (Py_ssize_t)sizeof(float), number = state.len / size;
        const char *from = state.buf;
        char *to = PyByteArray_AsString(result);
        for (Py_ssize_t i = 0; i < number; i++)
            for (int side = -1; side <= 1; side++, to += size) {
                if (side < 0 ? i >= step : side == 0 || number - i > step)
                    memcpy(to, from + (i + side * step) * size, (size_t)size);
                else
                    memset(to, 0, (size_t)size);
            }
    }
    PyBuffer_Release(&state);
    return result;
}

static void settle_line(const float *restrict found, const float *restrict bias, float *restrict state,
                        uint8_t *restrict lit, Py_ssize_t units) {
    for (Py_ssize_t i = 0; i < units; i++)
        state[i] += most(found[i] + bias[i], 0);
    for (Py_ssize_t i = 0; i < units; i++) /* apart, so that a compiler can do several at once */
        lit[i] = found[i] + bias[i] > 0;
}

PyDoc_STRVAR(settle_doc,
"settle(found, bias, state, lit)\n--\n\n"
"Add to a state what the units of a layer answer, and note which of them do.");

static PyObject *settle(PyObject *Py_UNUSED(module), PyObject *args) {
    Py_buffer found, bias, state, lit;
    if (!PyArg_ParseTuple(args, "y*y*w*w*", &found, &bias, &state, &lit))
        return NULL;
    Py_ssize_t size = (Py_ssize_t)sizeof(float), units = bias.len / size;
    int fits = units && found.len % (units * size) == 0 && state.len == found.len && lit.len == found.len / size;
    for (Py_ssize_t i = 0; fits && i < lit.len; i += units)
        settle_line((float *)found.buf + i, bias.buf, (float *)state.buf + i, (uint8_t *)lit.buf + i, units);
    PyBuffer_Release(&found);
    PyBuffer_Release(&bias);
    PyBuffer_Release(&state);
    PyBuffer_Release(&lit);
    if (fits)
        return Py_BuildValue("");
    PyErr_SetString(PyExc_ValueError, "product, bias, state and units do not fit each other");
    return NULL;
}

PyDoc_STRVAR(lent_doc,
"lent(slope, lit, lines)\n--\n\n"
"Return, as a bytearray (float32), the slope of each of some lines where its units have answered, and 0 elsewhere.");

static PyObject *lent(PyObject *Py_UNUSED(module), PyObject *args) {
    Py_buffer slope, lit, lines;
    if (!PyArg_ParseTuple(args, "y*y*y*", &slope, &lit, &lines))
        return NULL;
    Py_ssize_t some = lines.len / (Py_ssize_t)sizeof(Py_ssize_t), size = slope.len / (Py_ssize_t)sizeof(float);
    Py_ssize_t units = some ? size / some : 0;
    const Py_ssize_t *line = lines.buf;
    PyObject *result = PyByteArray_FromStringAndSize(NULL, slope.len);
    int fits = units * some == size;
    for (Py_ssize_t i = 0; i < some && fits; i++)
        fits = line[i] >= 0 && units && line[i] < lit.len / units;
    for (Py_ssize_t i = 0; i < some && fits && result; i++) {
        const float *from = (const float *)slope.buf + i * units;
        const uint8_t *noted = (const uint8_t *)lit.buf + line[i] * units;
        float *to = (float *)PyByteArray_AsString(result) + i * units;
        for (Py_ssize_t k = 0; k < units; k++)
            to[k] = (float)noted[k] * from[k];
    }
    if (!fits) {
        Py_CLEAR(result);
        PyErr_SetString(PyExc_ValueError, "slope, units and lines do not fit each other");
    }
    PyBuffer_Release(&slope);
    PyBuffer_Release(&lit);
    PyBuffer_Release(&lines);
    return result;
}

/* Find the least of some numbers, the least first; of those that are the same, the first. */
static void find_least(const float *numbers, Py_ssize_t size, Py_ssize_t *least, Py_ssize_t count) {
    float limit = INFINITY;
    Py_ssize_t found = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (found == count && !(numbers[i] < limit))
            continue;
        Py_ssize_t at = found < count ? found++ : count - 1;
        for (; at && numbers[i] < numbers[least[at - 1]]; at--)
            least[at] = least[at - 1];
        least[at] = i;
        limit = numbers[least[found - 1]];
    }
}

PyDoc_STRVAR(worst_doc,
"worst(against, values, names, count)\n--\n\n"
"Return for each row the names of its least numbers, joined; of a number's two names the second if its value is high.");

static PyObject *worst(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *names, *comma = PyUnicode_FromString(", "), *result = NULL;
    Py_buffer against, values;
    Py_ssize_t count, least[MOST];
    if (!comma || !PyArg_ParseTuple(args, "y*y*O!n", &against, &values, &PyList_Type, &names, &count)) {
        Py_XDECREF(comma);
        return NULL;
    }
    Py_ssize_t columns = PyList_Size(names) / 2, size = against.len / (Py_ssize_t)sizeof(float);
    if (count < 1 || count > MOST || count > columns || size % columns || values.len != against.len)
        PyErr_SetString(PyExc_ValueError, "numbers, values and names do not fit each other");
    else
        result = PyList_New(size / columns);
    for (Py_ssize_t row = 0; result && row < size / columns; row++) {
        const float *value = (const float *)values.buf + row * columns;
        PyObject *said = PyList_New(count), *joined = NULL;
        find_least((const float *)against.buf + row * columns, columns, least, count);
        for (Py_ssize_t i = 0; said && i < count; i++) {
            PyObject *name = PyList_GetItem(names, 2 * least[i] + (value[least[i]] > 0));
            Py_INCREF(name);
            PyList_SetItem(said, i, name);
        }
        if (said)
            joined = PyUnicode_Join(comma, said);
        Py_XDECREF(said);
        if (joined)
            PyList_SetItem(result, row, joined);
        else
            Py_CLEAR(result);
    }
    Py_DECREF(comma);
    PyBuffer_Release(&against);
    PyBuffer_Release(&values);
    return result;
}

static PyMethodDef methods[] = {
    {"alone", alone, METH_VARARGS, alone_doc},
    {"lent", lent, METH_VARARGS, lent_doc},
    {"marks", marks, METH_VARARGS, marks_doc},
    {"near", near, METH_VARARGS, near_doc},
    {"settle", settle, METH_VARARGS, settle_doc},
    {"shared", shared, METH_VARARGS, shared_doc},
    {"worst", worst, METH_VARARGS, worst_doc},
    {0},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_twin", .m_doc = "The compiled twin of alone.py.", .m_methods = methods};

PyMODINIT_FUNC PyInit__twin(void) {
    return PyModuleDef_Init(&module);
}
