/* A page without what nobody asks a parser for: what stands in comments, scripts and styles, and nearly all attributes.
 * That is more than half of the bytes of most pages. What is left says the same to `Flow`; a law in the tests holds the
 * two against each other. Tags and texts are told apart as the HTML standard says, chapter 13.2.5: libxml2 has done the
 * same since 2.14. Where this file was not compiled, a parser is given the page as it is.
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
    {"html", ASKED},    {"link", ASKED},      {"meta", ASKED},     {"time", ASKED},    {"iframe", RAW},
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
    for (; end - at >= size; at++)
        if (lower(*at) == (uint8_t)*word && is(at, at + size, word))
            return at;
    return NULL;
}

static Manner manner_of(const uint8_t *at, const uint8_t *end) {
    if (end - at > LONGEST_TAG)
        return MARKED;
    for (size_t i = 0; i < sizeof MANNERS / sizeof *MANNERS; i++)
        if (is(at, end, MANNERS[i].tag))
            return MANNERS[i].manner;
    return MARKED;
}

static void copy(Page *page, const uint8_t *until) {
    memcpy(page->to, page->at, (size_t)(until - page->at));
    page->to += until - page->at;
    page->at = until;
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

/* Whether a style may hide an element. */
static int may_hide(const Attribute *style) {
    size_t size = (size_t)(style->end - style->name_end);
    return memchr(style->name_end, '&', size) || memchr(style->name_end, 'n', size) || memchr(style->name_end, 'N', size);
}

static int is_asked_for(const Attribute *read, Manner manner, int *styled) {
    const uint8_t *at = read->at, *end = read->name_end;
    if (is(at, end, "style")) { /* the first one counts */
        int first = !*styled;
        *styled = 1;
        return first && may_hide(read);
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
        if (manner == ASKED || is_asked_for(&read, manner, &styled)) {
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

/* Where the end tag of an element stands in what holds no other tags; NULL if nowhere. */
static const uint8_t *find_end(const Page *page, const uint8_t *tag, Py_ssize_t size) {
    const uint8_t *at = page->at;
    for (; (at = memchr(at, '<', (size_t)(page->end - at))); at++) {
        const uint8_t *after = at + 2 + size;
        if (page->end - at <= 2 + size || at[1] != '/' || !(is_space(*after) || *after == '/' || *after == '>'))
            continue;
        Py_ssize_t same = 0;
        while (same < size && lower(at[2 + same]) == lower(tag[same]))
            same++;
        if (same == size)
            return at;
    }
    return NULL;
}

/* Read what holds no tags but the end tag of its element. */
static void read_raw(Page *page, const uint8_t *tag, Py_ssize_t size, Manner manner, int is_data) {
    const uint8_t *end = manner == ENDLESS ? NULL : find_end(page, tag, size), *comment = NULL;
    if (end && manner == SCRIPT && (comment = find(page->at, end, "<!--")) && find(comment, end, "<script"))
        end = NULL; /* the end tag of a script in a script; that is rare */
    if (end && (manner == SILENT || (manner == SCRIPT && !is_data)))
        page->at = end;
    else
        copy(page, end ? end : page->end);
}

/* Whether the attributes of a script may say that it is data, in JSON. */
static int is_data(const uint8_t *at, const uint8_t *end) {
    return find(at, end, "json") || memchr(at, '&', (size_t)(end - at));
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
    if (!read_attributes(page, manner, &closed)) {
        page->to = written;
        page->at = start;
        copy(page, page->end);
    } else if (manner >= RAW && !closed)
        read_raw(page, tag, at - tag, manner, is_data(attributes, page->to));
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

static void read_page(Page *page) {
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

PyDoc_STRVAR(lean_doc, "lean(page)\n--\n\nReturn a page without what nobody asks a parser for; both are UTF-8.");

static PyObject *lean(PyObject *Py_UNUSED(module), PyObject *source) {
    char *data;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(source, &data, &size) < 0)
        return NULL;
    uint8_t *written = PyMem_Malloc((size_t)size);
    if (!written)
        return PyErr_NoMemory();
    Page page = {(uint8_t *)data, (uint8_t *)data + size, written};
    read_page(&page);
    PyObject *result = PyBytes_FromStringAndSize((char *)written, page.to - written);
    PyMem_Free(written);
    return result;
}

static PyMethodDef methods[] = {{"lean", lean, METH_O, lean_doc}, {0}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_lean", .m_doc = "A page without what nobody asks for.", .m_methods = methods};

PyMODINIT_FUNC PyInit__lean(void) {
    return PyModuleDef_Init(&module);
}
