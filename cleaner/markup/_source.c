/* A page's source: the compiled twin of source.py, which says what is done and why; tests hold the two against each
 * other. What it does alone is `lean`: it leaves out what nobody asks a parser for. What is left says the same to
 * `Flow`, and a law in the tests holds that against the whole page. There, tags and texts are told apart as the HTML
 * standard says, chapter 13.2.5; libxml2 has done the same since 2.14. Where this file was not compiled, source.py
 * does the work, and a parser is given whole pages.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* A page as it is read, and what is written of it, which is never longer. */
typedef struct {
    const uint8_t *at, *end;
    uint8_t *to;
} Page;

/* What becomes of an element's attributes and of the text behind its tag. */
typedef enum {
    MARKED,  /* of the attributes stay those that mark a place or may hide it */
    PLAIN,   /* it is no place: of its attributes stay those that may hide it */
    ASKED,   /* all of them stay */
    LINK,    /* as ASKED, if one says that it is the page's own address, else as PLAIN */
    RAW,     /* as PLAIN; what follows holds no tags up to the end tag */
    SILENT,  /* … and says nothing */
    SCRIPT,  /* … and says nothing unless it is data */
    ENDLESS, /* what follows holds no tags at all */
} Manner;

static const struct {
    const char *tag;
    Manner manner;
} MANNERS[] = {
    {"a", PLAIN},       {"b", PLAIN},         {"em", PLAIN},       {"i", PLAIN},       {"img", PLAIN},
    {"input", PLAIN},   {"label", PLAIN},     {"path", PLAIN},     {"span", PLAIN},    {"strong", PLAIN},
    {"html", ASKED},    {"link", LINK},       {"meta", ASKED},     {"time", ASKED},    {"iframe", RAW},
    {"noembed", RAW},   {"noframes", RAW},    {"textarea", RAW},   {"title", RAW},     {"xmp", RAW},
    {"style", SILENT},  {"script", SCRIPT},   {"plaintext", ENDLESS},
};
enum { LONGEST_TAG = 9 };

static int is_space(uint8_t byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

static uint8_t lower(uint8_t byte) {
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static int is_letter(uint8_t byte) {
    return lower(byte) >= 'a' && lower(byte) <= 'z';
}

/* Whether a stretch is a word, in any case. */
static int is(const uint8_t *at, const uint8_t *end, const char *word) {
    while (at < end && *word && lower(*at) == (uint8_t)*word) {
        at++;
        word++;
    }
    return at == end && !*word;
}

/* Where a word stands in a stretch, in any case; NULL if nowhere. */
static const uint8_t *find(const uint8_t *at, const uint8_t *end, const char *word) {
    Py_ssize_t size = (Py_ssize_t)strlen(word);
    for (; end - at >= size; at++) {
        if (!is_letter((uint8_t)*word) && !(at = memchr(at, *word, (size_t)(end - at - size + 1))))
            return NULL;
        if (lower(*at) == (uint8_t)*word && is(at, at + size, word))
            return at;
    }
    return NULL;
}

static Manner manner_of(const uint8_t *at, const uint8_t *end) {
    if (end - at > LONGEST_TAG)
        return MARKED;
    for (size_t i = 0; i < sizeof MANNERS / sizeof *MANNERS; i++)
        if (*MANNERS[i].tag == (char)lower(*at) && is(at, end, MANNERS[i].tag))
            return MANNERS[i].manner;
    return MARKED;
}

static void copy(Page *page, const uint8_t *until) {
    memcpy(page->to, page->at, (size_t)(until - page->at));
    page->to += until - page->at;
    page->at = until;
}

/* Where the end tag of an element stands; NULL if nowhere. To Python, a vertical tab is a space, too. */
static const uint8_t *find_end(const uint8_t *at, const uint8_t *end, const uint8_t *tag, Py_ssize_t size,
                               int vertical) {
    for (; (at = memchr(at, '<', (size_t)(end - at))); at++) {
        const uint8_t *after = at + 2 + size;
        if (end - at <= 2 + size || at[1] != '/')
            continue;
        if (!is_space(*after) && *after != '/' && *after != '>' && !(vertical && *after == '\v'))
            continue;
        Py_ssize_t same = 0;
        while (same < size && lower(at[2 + same]) == lower(tag[same]))
            same++;
        if (same == size)
            return at;
    }
    return NULL;
}

/* ---- attributes ---- */

typedef struct {
    const uint8_t *at, *name_end, *end;
    int bare; /* whether a slash behind it would be part of its value */
} Attribute;

/* Read the attribute that begins at a place; NULL if the page ends in it. */
static const uint8_t *read_attribute(Attribute *read, const uint8_t *at, const uint8_t *end) {
    *read = (Attribute){at, NULL, NULL, 0};
    for (at++; at < end && !is_space(*at) && *at != '/' && *at != '>' && *at != '='; at++)
        ;
    read->name_end = read->end = at;
    while (at < end && is_space(*at))
        at++;
    if (at < end && *at == '=') {
        for (at++; at < end && is_space(*at); at++)
            ;
        if (at < end && (*at == '"' || *at == '\'')) {
            at = memchr(at + 1, *at, (size_t)(end - at - 1));
            at = at ? at + 1 : end;
        } else {
            read->bare = 1;
            while (at < end && !is_space(*at) && *at != '>')
                at++;
        }
        read->end = at;
    }
    return read->end < end ? read->end : NULL;
}

/* Whether attributes may say a word: a reference may stand for one of its letters. */
static int may_say(const uint8_t *at, const uint8_t *end, const char *word) {
    return memchr(at, '&', (size_t)(end - at)) || find(at, end, word);
}

static int is_asked_for(const Attribute *read, Manner manner, int *styled) {
    const uint8_t *at = read->at, *end = read->name_end;
    if (is(at, end, "style")) { /* the first one counts */
        int first = !*styled;
        *styled = 1;
        return first && may_say(end, read->end, "none");
    }
    if (is(at, end, "id") || is(at, end, "class"))
        return manner == MARKED;
    return is(at, end, "hidden") || (manner == SCRIPT && is(at, end, "type"));
}

/* Read a tag up to its end; what is asked for is written. Returns 0 if the page ends in it. */
static int read_attributes(Page *page, Manner manner, int *closed) {
    const uint8_t *at = page->at, *end = page->end;
    const uint8_t *kept = NULL; /* the end of the last one that is written */
    Attribute read;
    int styled = 0, bare = 0;
    for (*closed = 0; at < end; ) {
        if (*at == '>' || (*at == '/' && at + 1 < end && at[1] == '>')) {
            *closed = *at == '/';
            if (*closed && bare)
                *page->to++ = ' ';
            page->at = at;
            copy(page, at + 1 + *closed);
            return 1;
        }
        if (is_space(*at) || *at == '/') {
            at++;
            continue;
        }
        if (!(at = read_attribute(&read, at, end)))
            return 0;
        if (manner == ASKED || manner == LINK || is_asked_for(&read, manner, &styled)) {
            if (read.at != kept) /* nothing may stand between them */
                *page->to++ = ' ';
            page->at = read.at;
            copy(page, read.end);
            kept = read.end;
            bare = read.bare;
        }
    }
    return 0;
}

/* ---- pieces of a page ---- */

/* Read what holds no tags but the end tag of its element. */
static void read_raw(Page *page, const uint8_t *tag, Py_ssize_t size, Manner manner, int is_data) {
    const uint8_t *end = manner == ENDLESS ? NULL : find_end(page->at, page->end, tag, size, 0);
    const uint8_t *comment;
    if (end && manner == SCRIPT && (comment = find(page->at, end, "<!--")) && find(comment, end, "<script"))
        end = NULL; /* the end tag of a script in a script; that is rare */
    if (end && (manner == SILENT || (manner == SCRIPT && !is_data)))
        page->at = end;
    else
        copy(page, end ? end : page->end);
}

/* Read a tag, and the text behind it if that holds no tags. */
static void read_tag(Page *page, int ends) {
    const uint8_t *start = page->at, *tag = start + 1 + ends, *at = tag;
    uint8_t *written = page->to;
    while (at < page->end && !is_space(*at) && *at != '/' && *at != '>')
        at++;
    Manner manner = ends ? PLAIN : manner_of(tag, at);
    int closed;
    copy(page, at);
    uint8_t *attributes = page->to;
    const uint8_t *behind = page->at;
    if (!read_attributes(page, manner, &closed)) {
        page->to = written;
        page->at = start;
        copy(page, page->end);
    } else if (manner == LINK && !may_say(attributes, page->to, "canonical")) {
        page->to = attributes;
        page->at = behind;
        read_attributes(page, PLAIN, &closed);
    } else if (manner >= RAW && !closed)
        read_raw(page, tag, at - tag, manner, may_say(attributes, page->to, "json"));
}

static void read_comment(Page *page) {
    const uint8_t *at = page->at + 4, *end = page->end;
    if (at < end && *at == '>')
        copy(page, at + 1);
    else if (end - at > 1 && at[0] == '-' && at[1] == '>')
        copy(page, at + 2);
    else {
        while ((at = memchr(at, '-', (size_t)(end - at))))
            if (end - at > 2 && at[1] == '-' && (at[2] == '>' || (at[2] == '!' && end - at > 3 && at[3] == '>')))
                break;
            else
                at++;
        if (!at) {
            copy(page, end);
            return;
        }
        memcpy(page->to, "<!---->", 7);
        page->to += 7;
        page->at = at + (at[2] == '>' ? 3 : 4);
    }
}

static void read_page(Page *page, const char *Py_UNUSED(tags)) {
    const uint8_t *at, *end = page->end;
    while ((at = memchr(page->at, '<', (size_t)(end - page->at)))) {
        uint8_t next = end - at > 1 ? at[1] : 0;
        copy(page, at);
        if (is_letter(next))
            read_tag(page, 0);
        else if (next == '/' && end - at > 2 && is_letter(at[2]))
            read_tag(page, 1);
        else if (next == '!' && end - at > 3 && at[2] == '-' && at[3] == '-')
            read_comment(page);
        else if (next == '!' || next == '?' || next == '/') {
            const uint8_t *close = memchr(at, '>', (size_t)(end - at));
            copy(page, close ? close + 1 : end);
        } else
            copy(page, at + 1);
    }
    copy(page, end);
}

/* ---- what shows ---- */

enum { MOST_TAGS = 32 };

/* A tag that swallows what it holds. */
typedef struct {
    const char *name;
    Py_ssize_t size;
} Tag;

/* Tell tags apart that stand in one text, by spaces; returns their number. */
static int tell_tags(Tag *tags, const char *at) {
    int count = 0;
    while (*at && count < MOST_TAGS) {
        const char *space = strchr(at, ' ');
        tags[count++] = (Tag){at, space ? space - at : (Py_ssize_t)strlen(at)};
        at += tags[count - 1].size + (space != NULL);
    }
    return count;
}

static int is_word(uint8_t byte) {
    return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Where a tag or a comment ends that has its name before a place. */
static const uint8_t *behind_tag(const uint8_t *at, const uint8_t *end) {
    while (at < end && *at != '<' && *at != '>')
        at++;
    return at < end && *at == '>' ? at + 1 : at;
}

/* Which of some tags begins at a place; -1 if none. */
static int which(const uint8_t *at, const uint8_t *end, const Tag *tags, int count) {
    for (int i = 0; i < count; i++) {
        Py_ssize_t same = 0;
        while (same < tags[i].size && same < end - at && lower(at[same]) == (uint8_t)tags[i].name[same])
            same++;
        if (same == tags[i].size && (same == end - at || !is_word(at[same])))
            return i;
    }
    return -1;
}

/* Where a comment ends, NULL if nowhere. */
static const uint8_t *behind_comment(const uint8_t *at, const uint8_t *end) {
    for (; end - at > 2 && (at = memchr(at, '-', (size_t)(end - at - 2))); at++)
        if (at[1] == '-' && at[2] == '>')
            return at + 3;
    return NULL;
}

static void read_what_shows(Page *page, const char *names) {
    const uint8_t *at = page->at, *end = page->end;
    Tag tags[MOST_TAGS];
    int count = tell_tags(tags, names);
    uint8_t endless[MOST_TAGS + 1] = {0};
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        int comment = end - at > 3 && !memcmp(at, "<!--", 4);
        int tag = comment ? MOST_TAGS : which(at + 1, end, tags, count);
        if (tag < 0) {
            at++;
            continue;
        }
        const uint8_t *name = at + 1, *close = NULL;
        Py_ssize_t size = comment ? 0 : tags[tag].size;
        copy(page, at);
        at = comment ? at + 4 : behind_tag(name + size, end);
        if (!endless[tag] && comment)
            close = behind_comment(at, end);
        else if (!endless[tag] && (close = find_end(at, end, name, size, 1)))
            close = behind_tag(close + 2 + size, end);
        endless[tag] |= !close;
        page->at = at = close ? close : at;
    }
    copy(page, end);
}

/* Count the bytes of a text, white space left out. */
static Py_ssize_t weigh(const uint8_t *at, const uint8_t *end) {
    Py_ssize_t weight = 0;
    for (; at < end; at++)
        weight += (*at != ' ') & ((uint8_t)(*at - '\t') > '\r' - '\t');
    return weight;
}

static Py_ssize_t weigh_text(const uint8_t *at, const uint8_t *end) {
    const uint8_t *tag = memchr(at, '<', (size_t)(end - at));
    Py_ssize_t weight = weigh(at, tag ? tag : end);
    while (tag) {
        const uint8_t *next = memchr(tag + 1, '<', (size_t)(end - tag - 1)), *until = next ? next : end;
        const uint8_t *close = memchr(tag + 1, '>', (size_t)(until - tag - 1));
        weight += close ? weigh(close + 1, until) : 0;
        tag = next;
    }
    return weight;
}

/* ---- what Python calls ---- */

/* Return what is left of a page. */
static PyObject *left(PyObject *source, void (*read)(Page *, const char *), const char *tags) {
    char *data;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(source, &data, &size) < 0)
        return NULL;
    uint8_t *written = PyMem_Malloc((size_t)size);
    if (!written)
        return PyErr_NoMemory();
    Page page = {(uint8_t *)data, (uint8_t *)data + size, written};
    read(&page, tags);
    PyObject *result = PyBytes_FromStringAndSize((char *)written, page.to - written);
    PyMem_Free(written);
    return result;
}

static PyObject *lean(PyObject *Py_UNUSED(module), PyObject *page) {
    return left(page, read_page, NULL);
}

static PyObject *visible(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *page;
    const char *tags;
    return PyArg_ParseTuple(args, "Os", &page, &tags) ? left(page, read_what_shows, tags) : NULL;
}

static PyObject *text_weight(PyObject *Py_UNUSED(module), PyObject *page) {
    char *data;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(page, &data, &size) < 0)
        return NULL;
    return PyLong_FromSsize_t(weigh_text((uint8_t *)data, (uint8_t *)data + size));
}

static PyObject *long_stretches(PyObject *Py_UNUSED(module), PyObject *args) {
    const char *data;
    Py_ssize_t size, least;
    if (!PyArg_ParseTuple(args, "y#n", &data, &size, &least))
        return NULL;
    PyObject *places = PyList_New(0);
    const char *end = data + size, *at = places ? memchr(data, '<', (size_t)size) : NULL;
    while (at) {
        const char *next = memchr(at + 1, '<', (size_t)(end - at - 1));
        if ((next ? next : end) - at - 1 >= least) {
            PyObject *place = PyLong_FromSsize_t(at - data);
            if (!place || PyList_Append(places, place) < 0)
                Py_CLEAR(places);
            Py_XDECREF(place);
            if (!places)
                return NULL;
        }
        at = next;
    }
    return places;
}

static int is_digit(uint8_t byte, int is_hex) {
    return (byte >= '0' && byte <= '9') || (is_hex && lower(byte) >= 'a' && lower(byte) <= 'f');
}

static PyObject *has_long_reference(PyObject *Py_UNUSED(module), PyObject *args) {
    const char *data;
    Py_ssize_t size, most;
    if (!PyArg_ParseTuple(args, "y#n", &data, &size, &most))
        return NULL;
    const uint8_t *at = (const uint8_t *)data, *end = at + size;
    for (; (at = memchr(at, '&', (size_t)(end - at))); at++) {
        if (end - at < 3 || at[1] != '#')
            continue;
        int is_hex = lower(at[2]) == 'x';
        const uint8_t *digits = at + 2 + is_hex, *last = digits;
        while (last < end && last - digits <= most && is_digit(*last, is_hex))
            last++;
        if (last - digits > most)
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyMethodDef methods[] = {
    {"lean", lean, METH_O, "lean(page)\n--\n\nReturn a page without what nobody asks a parser for."},
    {"visible", visible, METH_VARARGS, "visible(page, tags)\n--\n\nReturn a page without what the tags swallow."},
    {"text_weight", text_weight, METH_O, "text_weight(page)\n--\n\nDo as source.py does."},
    {"long_stretches", long_stretches, METH_VARARGS, "long_stretches(page, size)\n--\n\nDo as source.py does."},
    {"has_long_reference", has_long_reference, METH_VARARGS,
     "has_long_reference(page, digits)\n--\n\nDo as source.py does."},
    {0}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_source", .m_doc = "The compiled twin of source.py.", .m_methods = methods};

PyMODINIT_FUNC PyInit__source(void) {
    return PyModuleDef_Init(&module);
}
