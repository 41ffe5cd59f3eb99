/* Lines that no rule can match, found in one pass over their characters: the compiled twin of `normalise` and `words_of`
 * in line.py, and of the looking up in match.py, which say what is done and why. Here a line is normalised as it is
 * there, and the tables that tell whether some rule could match it hold hashes: now and then one lets a line through
 * that no rule matches, but it stops none that a rule does. Where this file was not compiled, every line goes through.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* What is known of a character, lent by gate.py: the character that stands for it, and, from bit 21 on, its kinds. */
#define CODE 0x1FFFFFu
enum { WORD = 1 << 21, WIDE = 1 << 22, SIGN = 1 << 23, SPACE = 1 << 24, DIGIT = 1 << 25, TRIMMED = 1 << 26,
       INVISIBLE = 1 << 27, PIPE = 1 << 28, DASH = 1 << 29 };

/* What is known of a line or a word. A word also has the rules that ask for it, a chain of `Asked` from bit 5 on. */
enum { LINE = 1, ENTERS = 2, STARTS = 4, ONLY = 8, BEGINS = 16, BITS = 5 };
#define MOST_ASKED (1u << (32 - BITS))

#define BEGINNING 3 /* characters with which a line begins that patterns are told apart by */
#define FEW 3       /* words of a menu, parts of a piped line of which some may be unknown */

static const uint64_t SEED = 0x9E3779B97F4A7C15u, MULTIPLIER = 0xD6E8FEB86659FD93u;

typedef struct {
    uint32_t tag, what; /* nothing is known of what has no place in the table */
} Slot;

/* The number of a rule with a pattern, how long a line is that it means, how much of its beginning is known, and as bits
 * the first characters that there are, all that are alike in their last digits as one. */
typedef struct {
    Py_ssize_t rule, shortest, longest, beginning;
    uint64_t firsts;
} Pattern;

/* A rule that asks for a word, and the next one. */
typedef struct {
    uint32_t pattern, next;
} Asked;

typedef struct {
    Slot *slots;
    uint64_t mask;
} Table;

typedef struct {
    Table lines; /* and the words of entries of menus: a large table, which is seldom asked */
    Table words; /* that patterns ask for, or of which lines consist; and beginnings */
    Pattern *patterns;
    Asked *asked;
    uint32_t count;          /* of those in `asked`; the first stands for none */
    Py_ssize_t longest_line; /* of those that are known whole */
} Gate;

static uint64_t mixed(uint64_t hash, uint32_t code) {
    hash = (hash ^ (code & CODE)) * MULTIPLIER;
    return hash ^ hash >> 32;
}

static uint64_t hash_of(const uint32_t *from, Py_ssize_t size) {
    uint64_t hash = SEED;
    for (Py_ssize_t i = 0; i < size; i++)
        hash = mixed(hash, from[i]);
    return hash;
}

/* The hash of a beginning for a pattern alone. */
static uint64_t begun(uint64_t hash, uint32_t pattern) {
    return mixed(hash ^ MULTIPLIER, pattern);
}

/* The place in the table of what has this hash, free if nothing is known of it. */
static Slot *slot(const Table *table, uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> 32);
    uint64_t at = hash & table->mask;
    while (table->slots[at].what && table->slots[at].tag != tag)
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static uint64_t bit_of(uint32_t code) {
    return 1ull << (code & 63);
}

/* ---- A line, looked up ---- */

enum { FAILED = -1, STOPPED, PASSES, UNSURE };

/* Tell whether a rule asks for a word, of the ones whose patterns may mean a line; all are put in a list, if given. */
static int is_asked(const Gate *gate, uint32_t chain, const uint64_t *beginnings, uint32_t first, Py_ssize_t size,
                    PyObject *rules) {
    int found = STOPPED;
    for (uint32_t i = chain; i; i = gate->asked[i].next) {
        uint32_t number = gate->asked[i].pattern;
        const Pattern *pattern = &gate->patterns[number];
        if (size < pattern->shortest || size > pattern->longest ||
            !(pattern->firsts & bit_of(first)) ||
            (pattern->beginning &&
             !(slot(&gate->words, begun(beginnings[pattern->beginning], number))->what & BEGINS)))
            continue;
        found = PASSES;
        if (!rules)
            break;
        PyObject *rule = PyLong_FromSsize_t(pattern->rule);
        int failed = !rule || PyList_Append(rules, rule) < 0;
        Py_XDECREF(rule);
        if (failed)
            return FAILED;
    }
    return found;
}

/* Where the word ends that begins at a place; `next` is where to look for the next one. There may be none. */
static Py_ssize_t word_end(const uint32_t *line, Py_ssize_t size, Py_ssize_t at, Py_ssize_t *next) {
    Py_ssize_t end = at;
    if (line[at] & WIDE) { /* every two of those that follow each other, and one that stands alone */
        int follows = at + 1 < size && (line[at + 1] & WIDE);
        int alone = !follows && !(at && (line[at - 1] & WIDE));
        *next = at + 1;
        return follows ? at + 2 : alone ? at + 1 : at;
    }
    while (end < size && (line[end] & WORD))
        end++;
    if (end == at && (line[at] & SIGN))
        end = at + 1;
    *next = end > at ? end : at + 1;
    return end;
}

/* Tell whether a normalised line, or a part of one, may be what a rule means. If a list is given, the rules are put in
 * it whose patterns may mean the line; UNSURE says that there may be others, for its words are those that rules allow. */
static int whole(const Gate *gate, const uint32_t *line, Py_ssize_t size, PyObject *rules) {
    uint64_t beginnings[BEGINNING + 1] = {SEED};
    int found = STOPPED;
    if (size <= gate->longest_line) {
        uint64_t hash = hash_of(line, size - 1);
        if ((slot(&gate->lines, mixed(hash, line[size - 1]))->what & LINE) ||
            ((line[size - 1] & CODE) == '.' && (slot(&gate->lines, hash)->what & LINE)))
            found = PASSES;
    }
    for (int i = 0; i < BEGINNING; i++)
        beginnings[i + 1] = i < size ? mixed(beginnings[i], line[i]) : 0;
    uint32_t only = ONLY;
    Py_ssize_t words = 0;
    for (Py_ssize_t at = 0, next; at < size && (rules || !found); at = next) {
        Py_ssize_t end = word_end(line, size, at, &next);
        if (end == at)
            continue;
        uint32_t what = slot(&gate->words, hash_of(line + at, end - at))->what;
        int asked = is_asked(gate, what >> BITS, beginnings, line[0], size, rules);
        if (asked == FAILED)
            return FAILED;
        found |= asked;
        only &= what;
        words++;
    }
    return only && words > 1 ? UNSURE : found;
}

/* Tell whether a line may be a menu without marks between its entries: all its words are words of entries. */
static int may_be_menu(const Gate *gate, const uint32_t *line, Py_ssize_t size) {
    Py_ssize_t words = 0;
    for (Py_ssize_t at = 0, end; at < size; at = end + 1) {
        for (end = at; end < size && !(line[end] & SPACE); end++)
            ;
        uint32_t what = slot(&gate->lines, hash_of(line + at, end - at))->what;
        if (!(what & ENTERS) || !(words++ || (what & STARTS)))
            return 0;
    }
    return words >= FEW;
}

/* Take off what decorates a line at both ends. */
static void trim(const uint32_t **line, Py_ssize_t *size) {
    for (; *size && (**line & TRIMMED); (*line)++, (*size)--)
        ;
    for (; *size && ((*line)[*size - 1] & TRIMMED); (*size)--)
        ;
}

/* How long the mark is that stands between two parts of a piped line at a place, 0 if there is none. */
static Py_ssize_t mark(const uint32_t *line, Py_ssize_t size, Py_ssize_t at) {
    if (line[at] & PIPE)
        return at + 1 < size && (line[at + 1] & SPACE) ? 2 : 1;
    return (line[at] & SPACE) && at + 2 < size && (line[at + 1] & DASH) && (line[at + 2] & SPACE) ? 3 : 0;
}

/* Tell whether a line may be a piped one, of whose parts enough match, or else a menu. */
static int may_match_in_parts(const Gate *gate, const uint32_t *line, Py_ssize_t size) {
    Py_ssize_t known = 0, parts = 0, start = 0;
    for (Py_ssize_t at = 0, length; at <= size; at += length ? length : 1) {
        length = at < size ? mark(line, size, at) : 0;
        if (!length && (at < size || !start))
            continue;
        const uint32_t *part = line + start;
        Py_ssize_t rest = at - start;
        trim(&part, &rest);
        parts += rest > 0;
        known += rest > 0 && whole(gate, part, rest, NULL);
        start = at + length;
    }
    if (parts > 1)
        return parts < FEW ? known == parts : 5 * known >= 3 * parts;
    return may_be_menu(gate, line, size);
}

/* ---- A line, normalised ---- */

/* Put into the place of a case-folded line what is known of its characters, with "(c)" and "..." as single ones, and
 * without the invisible ones. Returns its length, or -1 if a character is beyond what is known. */
static Py_ssize_t fold(uint32_t *line, Py_ssize_t size, const uint32_t *facts, uint32_t end) {
    Py_ssize_t put = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        uint32_t code = line[at];
        if (code >= end)
            return -1;
        if (code == '(' && at + 2 < size && line[at + 1] == 'c' && line[at + 2] == ')') {
            code = 0xA9;
            at += 2;
        } else if (code == '.' && at + 2 < size && line[at + 1] == '.' && line[at + 2] == '.') {
            code = 0x2026;
            at += 2;
        }
        if (!(facts[code] & INVISIBLE))
            line[put++] = facts[code];
    }
    return put;
}

/* Write every number 0 and white space as one space each, in the place of a line. Returns its length. */
static Py_ssize_t tidy(uint32_t *line, Py_ssize_t size, const uint32_t *facts) {
    Py_ssize_t put = 0;
    for (Py_ssize_t at = 0; at < size;) {
        if (line[at] & SPACE) {
            while (at < size && (line[at] & SPACE))
                at++;
            line[put++] = facts[' '];
        } else if (line[at] & DIGIT) {
            for (int more = 1; more;) {
                while (at < size && (line[at] & DIGIT))
                    at++;
                uint32_t code = at + 1 < size && (line[at + 1] & DIGIT) ? line[at] & CODE : 0;
                more = code == '.' || code == ',';
                at += more;
            }
            line[put++] = facts['0'];
        } else
            line[put++] = line[at++];
    }
    return put;
}

/* Return a case-folded line normalised, "" if no rule can match it, or None if it has a character that is not known. */
static PyObject *normalised(uint32_t *from, Py_ssize_t size, const Gate *gate, const uint32_t *facts, uint32_t end,
                            PyObject **rules) {
    const uint32_t *line = from;
    int little = -1, found = UNSURE;
    size = fold(from, size, facts, end);
    if (size < 0)
        Py_RETURN_NONE;
    size = tidy(from, size, facts);
    trim(&line, &size);
    if (gate && size) {
        *rules = PyList_New(0);
        found = *rules ? whole(gate, line, size, *rules) : FAILED;
        if (found == FAILED)
            return NULL;
        if (found == UNSURE)
            Py_CLEAR(*rules);
    }
    if (!size || (!found && !may_match_in_parts(gate, line, size))) {
        Py_CLEAR(*rules);
        return PyUnicode_FromString("");
    }
    uint32_t *codes = from + (line - from);
    for (Py_ssize_t i = 0; i < size; i++)
        codes[i] &= CODE;
    return PyUnicode_DecodeUTF32((const char *)codes, size * 4, "surrogatepass", &little);
}

/* Put a line into the list of them, and by it the rules that are known. */
static int put_line(PyObject *lines, PyObject *asked, PyObject *line, PyObject *rules) {
    return line && PyList_Append(lines, line) == 0 && (!rules || PyDict_SetItem(asked, line, rules) == 0);
}

/* ---- What Python calls ---- */

PyDoc_STRVAR(normalise_doc,
"normalise(text, facts, gate)\n--\n\n"
"Return a list of the lines of a case-folded text, normalised, those empty that no rule can match, and None for one with\n"
"a character of which nothing is known; and by line the rules whose patterns may mean it, for those of which no other\n"
"rule has to be asked but such as name them whole. Without a gate (None), all are normalised.");

static const char GATE[] = "cleaner.rules._twin.gate";

static PyObject *normalise(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *text, *capsule, *lines = NULL, *asked = NULL;
    Py_buffer facts;
    if (!PyArg_ParseTuple(args, "Uy*O", &text, &facts, &capsule))
        return NULL;
    Gate *gate = capsule == Py_None ? NULL : PyCapsule_GetPointer(capsule, GATE);
    Py_ssize_t size = PyUnicode_GetLength(text);
    uint32_t end = (uint32_t)(facts.len / 4), *codes = NULL;
    int fine = 0;
    if (end <= 0x2026)
        PyErr_SetString(PyExc_ValueError, "too few characters are known");
    else if (!PyErr_Occurred()) {
        lines = PyList_New(0);
        asked = PyDict_New();
        codes = PyUnicode_AsUCS4Copy(text);
        fine = lines && asked && codes;
    }
    for (Py_ssize_t start = 0, at = 0; fine && at <= size; at++) {
        if (at < size && codes[at] != '\n')
            continue;
        PyObject *rules = NULL, *line = normalised(codes + start, at - start, gate, facts.buf, end, &rules);
        fine = put_line(lines, asked, line, rules);
        Py_XDECREF(rules);
        Py_XDECREF(line);
        start = at + 1;
    }
    PyObject *result = fine ? PyTuple_Pack(2, lines, asked) : NULL;
    Py_XDECREF(lines);
    Py_XDECREF(asked);
    PyMem_Free(codes);
    PyBuffer_Release(&facts);
    return result;
}

static void close_gate(Gate *gate) {
    if (gate) {
        PyMem_Free(gate->lines.slots);
        PyMem_Free(gate->words.slots);
        PyMem_Free(gate->patterns);
        PyMem_Free(gate->asked);
        PyMem_Free(gate);
    }
}

static void free_gate(PyObject *capsule) {
    close_gate(PyCapsule_GetPointer(capsule, GATE));
}

/* The hash of a Python text, its size and its first character; returns 0 with an error set if it is none. */
static int hash_text(PyObject *text, uint64_t *hash, Py_ssize_t *size, uint32_t *first) {
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "lines and words are texts");
        return 0;
    }
    uint32_t *codes = PyUnicode_AsUCS4Copy(text);
    if (!codes)
        return 0;
    *size = PyUnicode_GetLength(text);
    *hash = hash_of(codes, *size);
    *first = codes[0]; /* 0 where there is none */
    PyMem_Free(codes);
    return 1;
}

static Slot *take(Table *table, uint64_t hash) {
    Slot *found = slot(table, hash);
    found->tag = (uint32_t)(hash >> 32);
    return found;
}

/* Know all texts of a list as being of a kind. */
static int put_all(Gate *gate, PyObject *texts, uint32_t kind) {
    for (Py_ssize_t i = 0; i < PyList_Size(texts); i++) {
        uint64_t hash;
        Py_ssize_t size;
        uint32_t first;
        if (!hash_text(PyList_GetItem(texts, i), &hash, &size, &first))
            return 0;
        take(kind == ONLY ? &gate->words : &gate->lines, hash)->what |= kind;
        if (kind == LINE && size >= gate->longest_line)
            gate->longest_line = size + 1; /* with a full stop */
    }
    return 1;
}

/* Read what is said of a pattern. */
static int read_pattern(PyObject *said, Pattern *pattern, PyObject **beginnings, PyObject **words) {
    PyObject *rule, *shortest, *longest;
    if (!PyArg_ParseTuple(said, "O!O!O!O!O!", &PyLong_Type, &rule, &PyLong_Type, &shortest, &PyLong_Type, &longest,
                          &PyList_Type, beginnings, &PyList_Type, words))
        return 0;
    pattern->rule = PyLong_AsSsize_t(rule);
    pattern->shortest = PyLong_AsSsize_t(shortest);
    pattern->longest = PyLong_AsSsize_t(longest);
    return !PyErr_Occurred();
}

/* Know a pattern: how long its lines are, with what they begin, and the words of which they have one. */
static int put_pattern(Gate *gate, uint32_t number, PyObject *said) {
    PyObject *beginnings, *words;
    Pattern *pattern = &gate->patterns[number];
    uint64_t hash;
    Py_ssize_t size;
    uint32_t first;
    if (!read_pattern(said, pattern, &beginnings, &words))
        return 0;
    pattern->firsts = PyList_Size(beginnings) ? 0 : ~0ull;
    for (Py_ssize_t i = 0; i < PyList_Size(beginnings); i++) {
        if (!hash_text(PyList_GetItem(beginnings, i), &hash, &size, &first))
            return 0;
        if (size > BEGINNING) {
            PyErr_SetString(PyExc_ValueError, "a beginning is too long");
            return 0;
        }
        pattern->beginning = size;
        pattern->firsts |= size ? bit_of(first) : ~0ull;
        take(&gate->words, begun(hash, number))->what |= BEGINS;
    }
    for (Py_ssize_t i = 0; i < PyList_Size(words); i++) {
        if (!hash_text(PyList_GetItem(words, i), &hash, &size, &first))
            return 0;
        Slot *found = take(&gate->words, hash);
        gate->asked[gate->count] = (Asked){number, found->what >> BITS};
        found->what = (found->what & ((1u << BITS) - 1)) | gate->count++ << BITS;
    }
    return 1;
}

static int make_table(Table *table, Py_ssize_t most) {
    for (table->mask = 1023; table->mask < (uint64_t)most + (uint64_t)most / 2; table->mask = 2 * table->mask + 1)
        ;
    table->slots = PyMem_Calloc((size_t)table->mask + 1, sizeof(Slot));
    return table->slots != NULL;
}

/* Make room for all that the lists can hold. */
static int make_room(Gate *gate, PyObject *const lists[4], PyObject *patterns) {
    Py_ssize_t lines = 0, words = PyList_Size(lists[3]), asked = 1, number = PyList_Size(patterns);
    for (int i = 0; i < 3; i++)
        lines += PyList_Size(lists[i]);
    for (Py_ssize_t i = 0; i < number; i++) {
        PyObject *beginnings, *asking;
        Pattern pattern;
        if (!read_pattern(PyList_GetItem(patterns, i), &pattern, &beginnings, &asking))
            return 0;
        words += PyList_Size(beginnings);
        asked += PyList_Size(asking);
    }
    if (asked >= MOST_ASKED || number >= MOST_ASKED) {
        PyErr_SetString(PyExc_ValueError, "too many words are asked for");
        return 0;
    }
    gate->patterns = PyMem_Calloc((size_t)number + 1, sizeof(Pattern));
    gate->asked = PyMem_Calloc((size_t)asked, sizeof(Asked));
    gate->count = 1;
    if (make_table(&gate->lines, lines) && make_table(&gate->words, words + asked) && gate->patterns && gate->asked)
        return 1;
    PyErr_NoMemory();
    return 0;
}

PyDoc_STRVAR(gate_doc,
"gate(lines, entering, starting, only, patterns)\n--\n\n"
"Return what tells which lines rules can match, from lists: whole lines; words of entries of menus, and those with which\n"
"they start; words of which lines consist; and patterns, each (rule, shortest, longest, [beginnings], [words]).");

static PyObject *make_gate(PyObject *Py_UNUSED(module), PyObject *args) {
    static const uint32_t kinds[] = {LINE, ENTERS, STARTS, ONLY};
    PyObject *lists[4], *patterns;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!", &PyList_Type, &lists[0], &PyList_Type, &lists[1], &PyList_Type, &lists[2],
                          &PyList_Type, &lists[3], &PyList_Type, &patterns))
        return NULL;
    Gate *gate = PyMem_Calloc(1, sizeof(Gate));
    if (!gate)
        return PyErr_NoMemory();
    int fine = make_room(gate, lists, patterns);
    for (int i = 0; fine && i < 4; i++)
        fine = put_all(gate, lists[i], kinds[i]);
    for (Py_ssize_t i = 0; fine && i < PyList_Size(patterns); i++)
        fine = put_pattern(gate, (uint32_t)i, PyList_GetItem(patterns, i));
    PyObject *capsule = fine ? PyCapsule_New(gate, GATE, free_gate) : NULL;
    if (!capsule)
        close_gate(gate);
    return capsule;
}

static PyMethodDef methods[] = {
    {"normalise", normalise, METH_VARARGS, normalise_doc}, {"gate", make_gate, METH_VARARGS, gate_doc}, {0}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_twin", .m_doc = "The compiled twin of line.py and match.py.",
    .m_methods = methods};

PyMODINIT_FUNC PyInit__twin(void) {
    const uint16_t one = 1;
    if (!*(const uint8_t *)&one) {
        PyErr_SetString(PyExc_ImportError, "characters are written as little-endian numbers");
        return NULL;
    }
    return PyModuleDef_Init(&module);
}
