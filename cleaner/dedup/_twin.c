/* Texts to shingles in one pass: the compiled twin of folding.py, tokens.py and shingles.py, which say what is done and
 * why. Here each text is read once, byte by byte, and every number comes out as it does there; tests hold the two
 * against each other. Where this file was not compiled, those others do the work.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define SPACE 0x20
#define SPACED 1     /* classes of characters above it belong to scripts without spaces: characters a word */
#define PAGE_BITS 8  /* code points are looked up in pages of 256 */
#define LONGEST 64   /* bytes of a word that count */
#define USUAL 6      /* bytes of a word and what stands behind it */

static const uint64_t SPACES = 0x2020202020202020u, ONES = 0x0101010101010101u, TOPS = 0x8080808080808080u;
static const uint64_t SEED = 0x9E3779B97F4A7C15u, MULTIPLIER = 0xD6E8FEB86659FD93u;
static const uint64_t STEP = 0xA0761D6478BD642Fu, FINISH = 0xE7037ED1A0B428DBu;

/* What is known of characters, lent by folding.py. */
typedef struct {
    const uint8_t *single;  /* what becomes of each byte below 0x80 */
    const uint8_t *kinds;  /* by code point */
    const int32_t *lower;  /* by code point */
    const uint8_t *filled; /* by page: whether the two tables hold it yet */
    const uint8_t *halves; /* by code point: whether a garbled second half may have become it */
    Py_ssize_t halves_size;
} Tables;

/* One character of a script without spaces. */
typedef struct {
    Py_ssize_t start, end;
    int reach; /* characters of the word that begins here */
} Sign;

/* A text as it is read. */
typedef struct {
    uint8_t *data;      /* what was read, folded: no byte below a space, and words, which are apart by spaces */
    Sign *signs;        /* its characters of scripts without spaces, which are spaces there */
    Py_ssize_t count;   /* how many they are */
    Py_ssize_t places;  /* how many there is room for */
    uint64_t words[2];  /* the hashes of the last words: the one before the last, the last */
    Py_ssize_t found;   /* how many words there were */
    uint64_t sums[2];   /* of its shingles, for the exact level: see exact.py */
    uint64_t weight;    /* that of the next one in the second sum */
    uint32_t *shingles; /* of all texts, so far */
    Py_ssize_t size;    /* how many they are */
    Py_ssize_t room;    /* how many more there is room for */
    int full;           /* whether there was no memory for more */
} Reader;

static uint64_t mixed(uint64_t hash) {
    hash *= MULTIPLIER;
    return hash ^ hash >> 32;
}

/* The eight bytes from a place on, as a little-endian number. */
static uint64_t eight(const uint8_t *from) {
    uint64_t value;
    memcpy(&value, from, 8);
    return value;
}

/* The first ones of eight bytes. */
static uint64_t first(uint64_t value, Py_ssize_t bytes) {
    return bytes < 8 ? value & ((1ull << 8 * bytes) - 1) : value;
}

/* How many of eight bytes stand before the first space, where none is lower than that. */
static int before_space(uint64_t value) {
    uint64_t rest = value ^ SPACES, found = (rest - ONES) & ~rest & TOPS;
    return found ? __builtin_ctzll(found) >> 3 : 8;
}

enum { DONE = -1, NO_UTF8 = -2, FAILED = -3 };

static void put_shingle(Reader *reader, uint64_t chained) {
    if (!reader->room) {
        Py_ssize_t more = reader->size + 1;
        uint32_t *larger = PyMem_Realloc(reader->shingles, (size_t)(reader->size + more) * sizeof(uint32_t));
        if (!larger) {
            reader->full = 1;
            return;
        }
        reader->shingles = larger;
        reader->room = more;
    }
    uint64_t shingle = (chained ^ chained >> 32) * FINISH, folded = shingle ^ shingle >> 32;
    reader->room--;
    reader->shingles[reader->size++] = (uint32_t)(shingle >> 32);
    reader->sums[0] += folded;
    reader->sums[1] += folded * reader->weight;
    reader->weight += 2;
}

static void put_word(Reader *reader, uint64_t hash) {
    if (reader->found++ >= 2)
        put_shingle(reader, (reader->words[0] * STEP + reader->words[1]) * STEP + hash);
    reader->words[0] = reader->words[1];
    reader->words[1] = hash;
}

/* Put the word that begins at a place; returns where it ends. */
static Py_ssize_t put_word_at(Reader *reader, Py_ssize_t at) {
    const uint8_t *data = reader->data;
    uint64_t value = eight(data + at);
    int size = before_space(value);
    uint64_t hash = mixed(SEED ^ first(value, size));
    Py_ssize_t end = at + size;
    for (Py_ssize_t left = LONGEST - 8; size == 8; left -= 8) {
        value = eight(data + end);
        size = before_space(value);
        if (size && left > 0)
            hash = mixed(hash ^ first(value, size));
        end += size;
    }
    put_word(reader, hash);
    return end;
}

/* Put the word that begins with a sign: it reaches over the next ones, as far as they follow without a gap. */
static void put_sign(Reader *reader, const uint8_t *text, Py_ssize_t i) {
    const Sign *sign = &reader->signs[i], *last = sign, *end = reader->signs + reader->count;
    uint8_t data[24] = {0};
    uint64_t hash = SEED;
    while (last - sign + 1 < sign->reach && last + 1 < end && last[1].start == last->end)
        last++;
    Py_ssize_t size = last->end - sign->start;
    memcpy(data, text + sign->start, (size_t)size);
    for (Py_ssize_t at = 0; at < size; at += 8)
        hash = mixed(hash ^ eight(data + at));
    put_word(reader, hash);
}

static void put_character(uint8_t *to, int32_t code, int length) {
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (int k = length - 1; k > 0; k--, code >>= 6)
        to[k] = (uint8_t)(0x80 | (code & 0x3F));
    to[0] = (uint8_t)(marks[length] | code);
}

static int more_signs(Reader *reader) {
    Py_ssize_t places = 2 * reader->places + 1024;
    Sign *larger = PyMem_Realloc(reader->signs, (size_t)places * sizeof(Sign));
    if (!larger) {
        PyErr_NoMemory();
        return 0;
    }
    reader->signs = larger;
    reader->places = places;
    return 1;
}

/* Fold one text. Returns DONE, NO_UTF8, FAILED with an error set, or the page of characters that has to be filled first. */
static long fold(Reader *reader, const uint8_t *text, Py_ssize_t size, const Tables *tables) {
    uint8_t *data = reader->data;
    int32_t before = 0;         /* the last character beyond ASCII … */
    Py_ssize_t before_at = -8;  /* … and where it stands */
    reader->count = 0;
    for (Py_ssize_t at = 0; at < size;) {
        uint8_t byte = text[at];
        if (byte < 0x80) {
            data[at++] = tables->single[byte];
            continue;
        }
        int length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        int32_t code = byte & (0xFF >> (length + 1));
        if (byte < 0xC0 || at + length > size)
            return NO_UTF8;
        for (int k = 1; k < length; k++)
            code = code << 6 | (text[at + k] & 0x3F);
        if (code > 0x10FFFF)
            return NO_UTF8;
        if (!tables->filled[code >> PAGE_BITS])
            return code >> PAGE_BITS;
        int32_t lower = tables->lower[code];
        if (tables->kinds[code] > SPACED) {
            if (reader->count == reader->places && !more_signs(reader))
                return FAILED;
            reader->signs[reader->count++] = (Sign){at, at + length, tables->kinds[code]};
            memset(data + at, SPACE, (size_t)length);
        } else if (lower != SPACE)
            put_character(data + at, lower, length);
        else if (before >= 0xC2 && before <= 0xDF && before_at == at - 2 && code < tables->halves_size &&
                 tables->halves[code])
            memcpy(data + at, text + at, (size_t)length); /* the second half of a letter */
        else
            memset(data + at, SPACE, (size_t)length);
        before = code;
        before_at = at;
        at += length;
    }
    memset(data + size, SPACE, 8);
    return DONE;
}

/* Hash the words of a text that was folded, and their shingles. */
static void hash(Reader *reader, const uint8_t *text, Py_ssize_t size) {
    const uint8_t *data = reader->data;
    Py_ssize_t first = reader->size, sign = 0;
    reader->found = 0;
    reader->sums[0] = reader->sums[1] = 0;
    reader->weight = 1;
    for (Py_ssize_t at = 0; at < size;) {
        if (data[at] == SPACE) {
            at++;
            continue;
        }
        for (; sign < reader->count && reader->signs[sign].start < at; sign++)
            put_sign(reader, text, sign);
        at = put_word_at(reader, at);
    }
    for (; sign < reader->count; sign++)
        put_sign(reader, text, sign);
    if (reader->size == first && reader->found) /* of fewer words than a shingle has, one of them all */
        put_shingle(reader, reader->found == 2 ? reader->words[0] * STEP + reader->words[1] : reader->words[1]);
}

/* Read the texts of a list of bytes. Returns DONE, NO_UTF8 or a page, or FAILED with an error set. */
static long read_all(Reader *reader, PyObject *texts, int64_t *counts, uint64_t *sums, const Tables *tables) {
    Py_ssize_t size, longest = 0, whole = 0, number = PyList_Size(texts);
    char *text;
    for (Py_ssize_t i = 0; i < number; i++) {
        if (PyBytes_AsStringAndSize(PyList_GetItem(texts, i), &text, &size) < 0)
            return FAILED;
        longest = size > longest ? size : longest;
        whole += size;
    }
    reader->room = whole / USUAL + 1;
    reader->shingles = PyMem_Malloc((size_t)reader->room * sizeof(uint32_t));
    reader->data = PyMem_Malloc((size_t)longest + 8);
    if (!reader->shingles || !reader->data)
        reader->full = 1;
    for (Py_ssize_t i = 0; i < number && !reader->full; i++) {
        Py_ssize_t before = reader->size;
        PyBytes_AsStringAndSize(PyList_GetItem(texts, i), &text, &size);
        long state = fold(reader, (const uint8_t *)text, size, tables);
        if (state != DONE)
            return state;
        hash(reader, (const uint8_t *)text, size);
        counts[i] = reader->size - before;
        memcpy(sums + 2 * i, reader->sums, sizeof reader->sums);
    }
    if (reader->full) {
        PyErr_NoMemory();
        return FAILED;
    }
    return DONE;
}

PyDoc_STRVAR(shingles_doc,
"shingles(texts, single, kinds, lower, filled, halves)\n--\n\n"
"Read a list of texts in UTF-8. Returns, as bytes, the shingles of all (uint32), their number in each (int64) and the\n"
"two sums of each (uint64); or the number of the page of characters that has to be filled first.");

static PyObject *shingles(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *texts, *result = NULL;
    Py_buffer single, kinds, lower, filled, halves;
    if (!PyArg_ParseTuple(args, "Oy*y*y*y*y*", &texts, &single, &kinds, &lower, &filled, &halves))
        return NULL;
    Reader reader = {0};
    Tables tables = {single.buf, kinds.buf, lower.buf, filled.buf, halves.buf, halves.len};
    Py_ssize_t number = PyList_Check(texts) ? PyList_Size(texts) : -1;
    int64_t *counts = PyMem_Malloc((size_t)(number + 1) * sizeof(int64_t));
    uint64_t *sums = PyMem_Malloc((size_t)(number + 1) * 2 * sizeof(uint64_t));
    if (number < 0)
        PyErr_SetString(PyExc_TypeError, "texts should be a list");
    else if (!counts || !sums)
        PyErr_NoMemory();
    else {
        long state = read_all(&reader, texts, counts, sums, &tables);
        if (state == NO_UTF8)
            PyErr_SetString(PyExc_ValueError, "a text is no UTF-8");
        else if (state == DONE)
            result = Py_BuildValue("y#y#y#", (char *)reader.shingles, reader.size * (Py_ssize_t)sizeof(uint32_t),
                                   (char *)counts, number * (Py_ssize_t)sizeof(int64_t),
                                   (char *)sums, number * 2 * (Py_ssize_t)sizeof(uint64_t));
        else if (state >= 0)
            result = PyLong_FromLong(state);
    }
    PyMem_Free(counts);
    PyMem_Free(sums);
    PyMem_Free(reader.data);
    PyMem_Free(reader.signs);
    PyMem_Free(reader.shingles);
    PyBuffer_Release(&single);
    PyBuffer_Release(&kinds);
    PyBuffer_Release(&lower);
    PyBuffer_Release(&filled);
    PyBuffer_Release(&halves);
    return result;
}

static PyMethodDef methods[] = {{"shingles", shingles, METH_VARARGS, shingles_doc}, {0}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_twin", .m_doc = "The compiled twin of shingles.py.", .m_methods = methods};

PyMODINIT_FUNC PyInit__twin(void) {
    const uint16_t one = 1;
    if (!*(const uint8_t *)&one) {
        PyErr_SetString(PyExc_ImportError, "words are read as little-endian numbers");
        return NULL;
    }
    return PyModuleDef_Init(&module);
}
