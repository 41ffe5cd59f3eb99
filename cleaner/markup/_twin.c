/* What `Flow` of flow.py does most often, compiled: its elements and texts, one after the other. The fields are those
 * of flow.py, which says what is done and why; its methods for all that is rarer work on them, too. The lines come out
 * the same; tests hold the two against each other. Where this file was not compiled, flow.py does all the work.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>

enum { INLINE, LINK, PADDED, FACT, BLOCK, ITEM, PART, SPARE, CONTROL, UNSEEN }; /* as in elements.py */
enum { NO_GAP, NEXT_LINE, BLANK_LINE };
enum { DONE = 0, FAILED = -1 }; /* FAILED: with an error set */

/* Of a step of a path: how many classes, how long each and the id may be, how much of all the classes is read. */
enum { MARKS = 4, MARK_LENGTH = 32, CLASSES_LENGTH = 400, MARKS_LENGTH = 1 + (MARKS + 1) * (MARK_LENGTH + 1) };

/* An element that the path of a line is made of, and its path, once a line has asked for it. */
typedef struct {
    PyObject *tag, *attributes, *path;
} Step;

/* The kind of an element, by the bytes of its tag: parsers let no tag hold a zero. */
typedef struct {
    uint64_t word; /* 0: nothing is known here yet */
    int kind;
} Kind;

enum { KNOWN_BITS = 7 };
#define SPREAD 0x9E3779B97F4A7C15u /* lets similar tags be far apart */

typedef struct {
    PyObject_HEAD
    PyObject *lines, *notes, *hidden, *parts, *rows, *caught, *spare;
    Py_ssize_t depth, gap, linked, links, link_at, in_pre, item_at, left_out, unseen;
    char show, after_inline;
    PyObject *kinds, *line, *too_deep, *step; /* lent by flow.py, as are … */
    Py_ssize_t deepest, longest;              /* … how deep elements may stand, how long a path may be */
    Kind known[1 << KNOWN_BITS];
    Step *steps;
    Py_ssize_t step_count;
    char *text;      /* where texts are written … */
    Py_ssize_t room; /* … and how long they may be */
} Flow;

/* Words that are asked for often. */
static PyObject *ID, *CLASS, *HIDDEN, *STYLE, *BLANK, *NOTHING, *ONE_BREAK, *TWO_BREAKS;

/* ---- characters, in UTF-8 ---- */

/* What a byte is, or begins: any character, white space that collapses, other white space, a character beyond ASCII. */
enum { SOLID, SPACE, WHITE, BEYOND, CONTINUED };
static uint8_t CLASSES[256];

static void classify(void) {
    for (int byte = 0; byte < 256; byte++)
        CLASSES[byte] = byte < 0x80 ? SOLID : byte < 0xC0 ? CONTINUED : BEYOND;
    for (const char *space = " \t\n\r\f"; *space; space++)
        CLASSES[(uint8_t)*space] = SPACE;
    for (const char *white = "\v\x1c\x1d\x1e\x1f"; *white; white++)
        CLASSES[(uint8_t)*white] = WHITE;
}

/* Whether a character beyond ASCII is white space to str.split(). */
static int is_white(const uint8_t *at) {
    switch (at[0]) {
    case 0xC2:
        return at[1] == 0x85 || at[1] == 0xA0;
    case 0xE1:
        return at[1] == 0x9A && at[2] == 0x80;
    case 0xE2:
        return at[1] == 0x80 ? at[2] <= 0x8A || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF
                             : at[1] == 0x81 && at[2] == 0x9F;
    case 0xE3:
        return at[1] == 0x80 && at[2] == 0x80;
    default:
        return 0;
    }
}

static int is_solid(const uint8_t *at) {
    return CLASSES[*at] == SOLID || (CLASSES[*at] == BEYOND && !is_white(at));
}

/* Leave out the white space that no line begins or ends with: what collapses, and U+00A0. */
static void strip(const uint8_t **at, const uint8_t **end) {
    const uint8_t *from = *at, *to = *end;
    while (from < to && (CLASSES[*from] == SPACE || (from[0] == 0xC2 && from[1] == 0xA0)))
        from += CLASSES[*from] == SPACE ? 1 : 2;
    while (to > from && (CLASSES[to[-1]] == SPACE || (to[-1] == 0xA0 && to[-2] == 0xC2)))
        to -= CLASSES[to[-1]] == SPACE ? 1 : 2;
    *at = from;
    *end = to;
}

/* Where a text begins and ends, in UTF-8; a zero stands behind it. */
static const uint8_t *utf8(PyObject *text, const uint8_t **end) {
    Py_ssize_t size = 0;
    const uint8_t *data = (const uint8_t *)PyUnicode_AsUTF8AndSize(text, &size);
    *end = data ? data + size : NULL;
    return data;
}

/* Count the characters of the last parts of a line, white space left out. */
static Py_ssize_t size_from(PyObject *parts, Py_ssize_t first) {
    Py_ssize_t count = 0;
    for (Py_ssize_t i = first < 0 ? 0 : first; i < PyList_Size(parts); i++) {
        const uint8_t *end, *at = utf8(PyList_GetItem(parts, i), &end);
        if (!at)
            return FAILED;
        for (; at < end; at++)
            count += is_solid(at);
    }
    return count;
}

/* Make room to write so many bytes. Returns 0 with an error set. */
static int make_room(Flow *self, Py_ssize_t size) {
    if (size <= self->room)
        return 1;
    char *larger = PyMem_Realloc(self->text, (size_t)size);
    if (!larger) {
        PyErr_NoMemory();
        return 0;
    }
    self->text = larger;
    self->room = size;
    return 1;
}

/* Return a line as a browser shows it, and count its characters, white space left out. */
static PyObject *shown(Flow *self, PyObject *whole, Py_ssize_t *count) {
    const uint8_t *end, *at = utf8(whole, &end), *from = at;
    if (!at)
        return NULL;
    Py_ssize_t size = end - at;
    if (!make_room(self, size))
        return NULL;
    if (!self->in_pre)
        strip(&at, &end);
    char *to = self->text, *last = to; /* the end of what is solid */
    int in_pre = self->in_pre != 0, solid = 0;
    Py_ssize_t solids = 0;
    for (; at < end; at++) {
        int class = CLASSES[*at];
        if (class == SPACE && !in_pre) {
            if (to[-1] != ' ') /* the first character is none */
                *to++ = ' ';
            continue;
        }
        if (class != CONTINUED)
            solids += solid = class == SOLID || (class == BEYOND && !is_white(at));
        *to++ = *at == '\n' ? ' ' : (char)*at;
        if (solid)
            last = to;
    }
    if (!in_pre)
        last = to;
    *count = solids;
    if (last - self->text == size && !memcmp(self->text, from, (size_t)size)) {
        Py_INCREF(whole);
        return whole;
    }
    return PyUnicode_FromStringAndSize(self->text, last - self->text);
}

/* ---- objects ---- */

/* Let a place hold another object, which is handed over. */
static int put(PyObject **place, PyObject *object) {
    PyObject *before = *place;
    *place = object;
    Py_XDECREF(before);
    return object ? DONE : FAILED;
}

/* A named tuple of four fields. They are handed over; NULL is one that failed. */
static PyObject *four(PyObject *type, PyObject *first, PyObject *second, PyObject *third, PyObject *fourth) {
    PyObject *fields[] = {first, second, third, fourth};
    allocfunc make = (allocfunc)PyType_GetSlot((PyTypeObject *)type, Py_tp_alloc);
    PyObject *made = first && second && third && fourth ? make((PyTypeObject *)type, 4) : NULL;
    for (int i = 0; i < 4; i++)
        if (made)
            PyTuple_SetItem(made, i, fields[i]);
        else
            Py_XDECREF(fields[i]);
    return made;
}

static int is_tuple_type(PyObject *type) {
    return PyType_Check(type) && PyType_IsSubtype((PyTypeObject *)type, &PyTuple_Type);
}

/* What a method of flow.py comes to that returns nothing. */
static int done(PyObject *result) {
    Py_XDECREF(result);
    return result ? DONE : FAILED;
}

static PyObject *none(int state) {
    if (state < 0)
        return NULL;
    Py_RETURN_NONE;
}

static int is_text(PyObject *object) {
    if (!PyUnicode_Check(object))
        PyErr_SetString(PyExc_TypeError, "a text is asked for");
    return PyUnicode_Check(object);
}

static int is(PyObject *tag, const char *name) {
    return PyUnicode_CompareWithASCIIString(tag, name) == 0;
}

/* The kind of an element: elements that an author has made up are blocks, all others that nobody knows are inline. */
static int look_up(Flow *self, PyObject *tag) {
    PyObject *kind = PyDict_GetItemWithError(self->kinds, tag);
    if (kind)
        return (int)PyLong_AsLong(kind);
    if (PyErr_Occurred())
        return FAILED;
    Py_ssize_t hyphen = PyUnicode_FindChar(tag, '-', 0, PyUnicode_GetLength(tag), 1);
    return hyphen == -2 ? FAILED : hyphen == -1 ? INLINE : BLOCK;
}

/* The same; kinds of short tags are remembered. */
static int kind_of(Flow *self, PyObject *tag) {
    const uint8_t *end, *at = utf8(tag, &end);
    uint64_t word = 0;
    if (!at || at == end || end - at > (Py_ssize_t)sizeof word)
        return at ? look_up(self, tag) : FAILED;
    memcpy(&word, at, (size_t)(end - at));
    Kind *known = &self->known[word * SPREAD >> (64 - KNOWN_BITS)];
    if (known->word != word)
        *known = (Kind){word, look_up(self, tag)};
    if (known->kind == FAILED)
        known->word = 0;
    return known->kind;
}

/* ---- paths ---- */

/* Whether the name of a mark is one that can be written here. */
static int is_ascii(PyObject *name) {
    const uint8_t *end, *at = utf8(name, &end);
    if (!at)
        PyErr_Clear(); /* `step` of flow.py says what is wrong, if anything is */
    while (at && at < end && *at < 0x80)
        at++;
    return at && at == end;
}

static char *write_all(char *to, const uint8_t *at, const uint8_t *end) {
    memcpy(to, at, (size_t)(end - at));
    return to + (end - at);
}

static int is_plain(uint8_t byte) {
    uint8_t lower = byte | 0x20;
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
}

/* Write a name, cut when it is long; what is not plain becomes a hyphen. */
static char *write_name(char *to, const uint8_t **from, const uint8_t *end, int is_class) {
    char *last = to + MARK_LENGTH;
    int hyphen = 0;
    for (; *from < end; (*from)++) {
        uint8_t byte = **from;
        if (is_class && CLASSES[byte] != SOLID)
            break;
        int plain = is_plain(byte);
        if (to < last && (plain || !hyphen))
            *to++ = plain ? (char)byte : '-';
        hyphen = !plain;
    }
    return to;
}

/* Write the id and the classes of an element behind its tag: `step` of flow.py, for names in ASCII. */
static char *write_marks(char *to, PyObject *name, PyObject *classes) {
    const uint8_t *end, *at = name ? utf8(name, &end) : NULL;
    if (at && at < end) {
        *to++ = '#';
        to = write_name(to, &at, end, 0);
    }
    at = classes ? utf8(classes, &end) : NULL;
    if (!at || at == end)
        return to;
    if (end - at > CLASSES_LENGTH)
        end = at + CLASSES_LENGTH;
    *to++ = '.';
    for (int count = 0; at < end && count < MARKS; ) {
        if (CLASSES[*at] != SOLID)
            at++;
        else {
            if (count++)
                *to++ = '.';
            to = write_name(to, &at, end, 1);
        }
    }
    return to;
}

/* Put together the path of an element below another one. */
static PyObject *path_below(Flow *self, PyObject *above, const Step *step) {
    PyObject *name = step->attributes ? PyDict_GetItemWithError(step->attributes, ID) : NULL;
    PyObject *classes = step->attributes ? PyDict_GetItemWithError(step->attributes, CLASS) : NULL;
    PyObject *own = step->tag, *path = NULL;
    Py_INCREF(own);
    if ((name && !is_ascii(name)) || (classes && !is_ascii(classes))) {
        put(&own, PyObject_CallFunctionObjArgs(self->step, step->tag, name ? name : Py_None,
                                               classes ? classes : Py_None, NULL));
        name = classes = NULL;
    }
    const uint8_t *above_end, *above_at = utf8(above, &above_end), *end, *at = own ? utf8(own, &end) : NULL;
    if (above_at && at && make_room(self, above_end - above_at + (end - at) + MARKS_LENGTH)) {
        char *to = write_all(self->text, above_at, above_end);
        if (to > self->text)
            *to++ = '/';
        to = write_marks(write_all(to, at, end), name, classes);
        path = PyUnicode_FromStringAndSize(self->text, to - self->text);
    }
    Py_XDECREF(own);
    return path;
}

/* A path without its oldest part, if it is too long. */
static PyObject *cut(Flow *self, PyObject *path, PyObject *tag) {
    Py_ssize_t size = path ? PyUnicode_GetLength(path) : 0;
    if (size <= self->longest)
        return path;
    Py_ssize_t slash = PyUnicode_FindChar(path, '/', size - self->longest, size, 1);
    int whole = slash < 0 || slash == size - 1; /* it is one step */
    put(&path, whole ? PyUnicode_FromObject(tag) : PyUnicode_Substring(path, slash + 1, size));
    return path;
}

/* The path of the present place, borrowed. */
static PyObject *path_now(Flow *self) {
    Py_ssize_t known = self->step_count;
    while (known && !self->steps[known - 1].path)
        known--;
    PyObject *path = known ? self->steps[known - 1].path : NOTHING;
    for (; path && known < self->step_count; known++) {
        Step *step = &self->steps[known];
        path = step->path = cut(self, path_below(self, path, step), step->tag);
    }
    return path;
}

static int push_step(Flow *self, PyObject *tag, PyObject *attributes) {
    if (self->step_count == self->deepest) {
        PyErr_SetString(PyExc_IndexError, "elements have begun that did not end");
        return FAILED;
    }
    Py_INCREF(tag);
    Py_XINCREF(attributes);
    self->steps[self->step_count++] = (Step){tag, attributes, NULL};
    return DONE;
}

static int pop_step(Flow *self) {
    if (!self->step_count) {
        PyErr_SetString(PyExc_IndexError, "an element has ended that did not begin");
        return FAILED;
    }
    Step *step = &self->steps[--self->step_count];
    Py_DECREF(step->tag);
    Py_XDECREF(step->attributes);
    Py_XDECREF(step->path);
    return DONE;
}

/* ---- lines ---- */

/* The share of links in a line of so many characters. */
static PyObject *share_of_links(Flow *self, Py_ssize_t size) {
    Py_ssize_t linked = self->links ? size_from(self->parts, self->link_at) : 0;
    if (linked < 0)
        return NULL;
    linked += self->linked;
    PyObject *share = PyFloat_FromDouble((double)linked / (double)size);
    if (share && linked && linked != size)
        put(&share, PyObject_CallMethod(share, "__round__", "i", 3));
    return share;
}

static int add_line(Flow *self, PyObject *text, Py_ssize_t size) {
    PyObject *path = path_now(self), *links = path ? share_of_links(self, size) : NULL;
    PyObject *gap = links ? PyLong_FromSsize_t(self->gap) : NULL;
    PyObject *line = links ? four(self->line, Py_NewRef(text), Py_NewRef(path), links, gap) : NULL;
    int state = line ? PyList_Append(self->lines, line) : FAILED;
    Py_XDECREF(line);
    return state;
}

static int is_open(Flow *self) {
    return PyList_Size(self->parts) > 0;
}

/* End the line that is open. */
static int set_line(Flow *self) {
    Py_ssize_t count = 0;
    PyObject *whole = PyUnicode_Join(NOTHING, self->parts), *text = whole ? shown(self, whole, &count) : NULL;
    int state = !text ? FAILED : count ? add_line(self, text, count) : DONE;
    if (count)
        self->gap = NO_GAP;
    self->linked = self->link_at = 0;
    Py_XDECREF(text);
    Py_XDECREF(whole);
    return state < 0 ? state : PyList_SetSlice(self->parts, 0, PyList_Size(self->parts), NULL);
}

/* End the line, if one is open, and ask for a gap before the next. */
static int break_line(Flow *self, Py_ssize_t gap) {
    if (is_open(self) && set_line(self) < 0)
        return FAILED;
    self->after_inline = 0;
    self->gap = gap > self->gap ? gap : self->gap;
    return DONE;
}

/* ---- elements ---- */

static int start_block(Flow *self, PyObject *tag, PyObject *attributes, PyObject *mapping) {
    if (is_open(self)) {
        if (set_line(self) < 0)
            return FAILED;
        self->gap = BLANK_LINE;
    } else if (self->item_at != PyList_Size(self->lines))
        self->gap = BLANK_LINE;
    else if (!self->gap)
        self->gap = NEXT_LINE;
    self->after_inline = 0;
    if (push_step(self, tag, attributes) < 0)
        return FAILED;
    if (is(tag, "pre"))
        self->in_pre++;
    else if (self->depth == 1)
        return done(PyObject_CallMethod(self->notes, "element", "OO", tag, mapping));
    return DONE;
}

static int start_link(Flow *self) {
    if (self->after_inline && PyList_Append(self->parts, BLANK) < 0)
        return FAILED;
    if (!self->links++)
        self->link_at = PyList_Size(self->parts);
    return DONE;
}

static int start_item(Flow *self, PyObject *tag, PyObject *attributes) {
    if (break_line(self, NEXT_LINE) < 0 || push_step(self, tag, attributes) < 0)
        return FAILED;
    self->item_at = PyList_Size(self->lines);
    if (!is(tag, "tr"))
        return DONE;
    PyObject *row = Py_BuildValue("[n]", self->item_at);
    int state = row ? PyList_Append(self->rows, row) : FAILED;
    Py_XDECREF(row);
    return state;
}

static int start_part(Flow *self, PyObject *tag) {
    int again = is(tag, "br") && !is_open(self) && self->gap && self->item_at != PyList_Size(self->lines);
    return break_line(self, again ? BLANK_LINE : NEXT_LINE);
}

/* Begin an element that holds no text of the page. Of these, a title or a script may say something of the page. */
static int start_unseen(Flow *self, PyObject *tag, PyObject *mapping, PyObject *attributes) {
    if (!self->left_out)
        self->left_out = self->depth;
    if (!self->unseen)
        self->unseen = self->depth;
    if (!is(tag, "title") && !(attributes && is(tag, "script")))
        return DONE;
    PyObject *answer = PyObject_CallMethod(self->notes, "element", "OO", tag, mapping);
    int asks = answer ? PyObject_IsTrue(answer) : FAILED;
    Py_XDECREF(answer);
    return asks > 0 ? put(&self->caught, PyList_New(0)) : asks;
}

/* Whether an element has attributes that may hide it. */
static int may_hide(PyObject *attributes) {
    return attributes && (PyDict_GetItemWithError(attributes, HIDDEN) ||
                          PyDict_GetItemWithError(attributes, STYLE));
}

/* Begin an element. Its attributes come as a mapping and as a dict, or as NULL for none. */
static int start(Flow *self, PyObject *tag, PyObject *mapping, PyObject *attributes) {
    PyObject *me = (PyObject *)self;
    if (++self->depth > self->deepest) {
        PyErr_SetNone(self->too_deep);
        return FAILED;
    }
    int kind = kind_of(self, tag);
    if (kind < 0)
        return FAILED;
    if (self->left_out)
        return kind == UNSEEN ? start_unseen(self, tag, mapping, attributes)
               : kind == FACT && attributes
                   ? done(PyObject_CallMethod(self->notes, "element", "OO", tag, mapping))
                   : DONE;
    if (may_hide(attributes)) {
        PyObject *answer = PyObject_CallMethod(me, "_hides", "O", mapping);
        int hides = answer ? PyObject_IsTrue(answer) : FAILED;
        Py_XDECREF(answer);
        if (hides)
            return hides < 0 ? FAILED : done(PyObject_CallMethod(me, "_leave_out", "OO", tag, mapping));
    } else if (PyErr_Occurred())
        return FAILED;
    int in_spare = self->spare && self->spare != Py_None;
    switch (kind) {
    case INLINE:
        return DONE;
    case LINK:
        return start_link(self);
    case BLOCK:
        return start_block(self, tag, attributes, mapping);
    case ITEM:
        return start_item(self, tag, attributes);
    case PART:
        return start_part(self, tag);
    case FACT:
        if (!attributes)
            return DONE;
        break;
    case PADDED:
        if (!in_spare)
            return is_open(self) ? PyList_Append(self->parts, BLANK) : DONE;
        break;
    case UNSEEN:
        if (!in_spare)
            return start_unseen(self, tag, mapping, attributes);
        break;
    }
    return done(PyObject_CallMethod(me, "_start_rare", "OiO", tag, kind, mapping));
}

static int end_block(Flow *self, PyObject *tag) {
    if (is_open(self) && set_line(self) < 0)
        return FAILED;
    self->after_inline = 0;
    self->gap = BLANK_LINE;
    self->in_pre -= is(tag, "pre");
    return pop_step(self);
}

static int end_item(Flow *self, PyObject *tag) {
    if (break_line(self, NEXT_LINE) < 0 || pop_step(self) < 0)
        return FAILED;
    self->gap = NEXT_LINE;
    if (!is(tag, "td") && !is(tag, "th") && !is(tag, "tr"))
        return DONE;
    return done(PyObject_CallMethod((PyObject *)self, "_end_cells", "O", tag));
}

static int end_inline(Flow *self, int kind) {
    self->after_inline = 1;
    if (kind == LINK && self->links && !--self->links) {
        Py_ssize_t size = size_from(self->parts, self->link_at);
        self->linked += size;
        return size < 0 ? FAILED : DONE;
    }
    return DONE;
}

static int is_catching(Flow *self) {
    return self->caught && self->caught != Py_None;
}

static int end(Flow *self, PyObject *tag) {
    self->depth--;
    if (is_catching(self))
        return done(PyObject_CallMethod((PyObject *)self, "_pass_out", "O", tag));
    if (self->left_out) {
        if (self->depth < self->unseen)
            self->unseen = 0;
        if (self->depth < self->left_out)
            self->left_out = 0;
        return DONE;
    }
    int kind = kind_of(self, tag);
    if (kind < 0)
        return FAILED;
    if (kind < BLOCK)
        return end_inline(self, kind);
    if (kind == BLOCK)
        return end_block(self, tag);
    if (kind == ITEM)
        return end_item(self, tag);
    if (kind == PART)
        return break_line(self, NEXT_LINE);
    return done(PyObject_CallMethod((PyObject *)self, "_end_rare", "i", kind));
}

static int data(Flow *self, PyObject *text) {
    if (self->left_out)
        return is_catching(self) ? PyList_Append(self->caught, text)
               : self->unseen    ? DONE
                                 : PyList_Append(self->hidden, text);
    if (self->in_pre)
        return done(PyObject_CallMethod((PyObject *)self, "_preformatted", "O", text));
    self->after_inline = 0;
    if (!is_open(self)) {
        const uint8_t *end, *at = utf8(text, &end);
        if (!at)
            return FAILED;
        strip(&at, &end);
        if (at == end)
            return DONE;
    }
    return PyList_Append(self->parts, text);
}

/* ---- what Python sees ---- */

static PyObject *Flow_start(PyObject *self, PyObject *const *args, Py_ssize_t number) {
    if (number != 2) {
        PyErr_SetString(PyExc_TypeError, "a tag and its attributes are asked for");
        return NULL;
    }
    Py_ssize_t count = is_text(args[0]) ? PyObject_Size(args[1]) : FAILED;
    if (count > 0 && !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "the attributes should be a dict");
        count = FAILED;
    }
    return none(count < 0 ? FAILED : start((Flow *)self, args[0], args[1], count ? args[1] : NULL));
}

static PyObject *Flow_end(PyObject *self, PyObject *tag) {
    return is_text(tag) ? none(end((Flow *)self, tag)) : NULL;
}

static PyObject *Flow_data(PyObject *self, PyObject *text) {
    return is_text(text) ? none(data((Flow *)self, text)) : NULL;
}

static PyObject *Flow_set_line(PyObject *self, PyObject *Py_UNUSED(nothing)) {
    return none(set_line((Flow *)self));
}

static PyMethodDef methods[] = {{"start", (PyCFunction)(void (*)(void))Flow_start, METH_FASTCALL, NULL},
                                {"end", Flow_end, METH_O, NULL},
                                {"data", Flow_data, METH_O, NULL},
                                {"_set_line", Flow_set_line, METH_NOARGS, NULL},
                                {0}};

#define OBJECT(name, field, flags) {name, T_OBJECT, offsetof(Flow, field), flags, NULL}
#define NUMBER(name, field) {name, T_PYSSIZET, offsetof(Flow, field), 0, NULL}
#define TRUTH(name, field) {name, T_BOOL, offsetof(Flow, field), 0, NULL}

static PyMemberDef members[] = {OBJECT("lines", lines, READONLY),
                                OBJECT("hidden", hidden, READONLY),
                                OBJECT("notes", notes, 0),
                                OBJECT("_parts", parts, READONLY),
                                OBJECT("_rows", rows, READONLY),
                                OBJECT("_caught", caught, 0),
                                OBJECT("_spare", spare, 0),
                                TRUTH("_show", show),
                                TRUTH("_after_inline", after_inline),
                                NUMBER("_depth", depth),
                                NUMBER("_gap", gap),
                                NUMBER("_linked", linked),
                                NUMBER("_links", links),
                                NUMBER("_link_at", link_at),
                                NUMBER("_in_pre", in_pre),
                                NUMBER("_item_at", item_at),
                                NUMBER("_left_out", left_out),
                                NUMBER("_unseen", unseen),
                                {0}};

static void Flow_dealloc(PyObject *object) {
    Flow *self = (Flow *)object;
    PyObject *held[] = {self->lines,  self->notes, self->hidden, self->parts,    self->rows, self->caught,
                        self->spare, self->kinds, self->line,   self->too_deep, self->step};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        Py_XDECREF(held[i]);
    while (self->step_count)
        pop_step(self);
    PyMem_Free(self->steps);
    PyMem_Free(self->text);
    PyTypeObject *type = Py_TYPE(object);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Take what flow.py has lent to the class. */
static int borrow(Flow *self, PyTypeObject *type) {
    PyObject *lent = PyObject_GetAttrString((PyObject *)type, "_lent"), *kinds, *line, *too_deep, *step;
    int state = FAILED;
    if (lent && PyArg_Parse(lent, "(O!OOOnn)", &PyDict_Type, &kinds, &line, &too_deep, &step, &self->deepest,
                            &self->longest)) {
        self->kinds = Py_NewRef(kinds);
        self->line = Py_NewRef(line);
        self->too_deep = Py_NewRef(too_deep);
        self->step = Py_NewRef(step);
        if (is_tuple_type(line) && self->deepest > 0)
            state = DONE;
        else
            PyErr_SetString(PyExc_TypeError, "a line should be a tuple, and elements may stand in each other");
    }
    Py_XDECREF(lent);
    return state;
}

static PyObject *Flow_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(options)) {
    PyObject *object = ((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    Flow *self = (Flow *)object;
    if (!object || borrow(self, type) < 0) {
        Py_XDECREF(object);
        return NULL;
    }
    self->item_at = -1;
    self->steps = PyMem_Calloc((size_t)self->deepest, sizeof(Step));
    if (!self->steps)
        PyErr_NoMemory();
    if (!self->steps || !(self->lines = PyList_New(0)) || !(self->hidden = PyList_New(0)) ||
        !(self->parts = PyList_New(0)) || !(self->rows = PyList_New(0)))
        Py_CLEAR(object);
    return object;
}

static PyType_Slot slots[] = {
    {Py_tp_new, Flow_new}, {Py_tp_dealloc, Flow_dealloc}, {Py_tp_methods, methods}, {Py_tp_members, members}, {0}};
static PyType_Spec spec = {"cleaner.markup._twin.Flow", sizeof(Flow), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           slots};

static int fill(PyObject *module) {
    classify();
    if (!(ID = PyUnicode_InternFromString("id")) || !(CLASS = PyUnicode_InternFromString("class")) ||
        !(HIDDEN = PyUnicode_InternFromString("hidden")) || !(STYLE = PyUnicode_InternFromString("style")) ||
        !(BLANK = PyUnicode_InternFromString(" ")) || !(NOTHING = PyUnicode_InternFromString("")) ||
        !(ONE_BREAK = PyUnicode_InternFromString("\n")) || !(TWO_BREAKS = PyUnicode_InternFromString("\n\n")))
        return FAILED;
    PyObject *type = PyType_FromSpec(&spec);
    int state = type ? PyModule_AddObjectRef(module, "Flow", type) : FAILED;
    Py_XDECREF(type);
    return state;
}

/* Add a line to the parts of a text and its block to the blocks, and return where it ends. */
static Py_ssize_t set_one(PyObject *line, PyObject *parts, PyObject *blocks, Py_ssize_t i, Py_ssize_t at,
                          PyObject *type) {
    if (!PyTuple_Check(line) || PyTuple_Size(line) != 4) {
        PyErr_SetString(PyExc_TypeError, "a line is asked for");
        return FAILED;
    }
    PyObject *text = PyTuple_GetItem(line, 0), *path = PyTuple_GetItem(line, 1), *links = PyTuple_GetItem(line, 2);
    PyObject *gap = PyTuple_GetItem(line, 3);
    if (!is_text(text))
        return FAILED;
    if (at) {
        int blank = PyLong_AsSsize_t(gap) >= BLANK_LINE;
        if (PyErr_Occurred() || PyList_Append(parts, blank ? TWO_BREAKS : ONE_BREAK) < 0)
            return FAILED;
        at += blank ? 2 : 1;
    }
    Py_ssize_t end = at + PyUnicode_GetLength(text);
    PyObject *block = four(type, PyLong_FromSsize_t(at), PyLong_FromSsize_t(end), Py_NewRef(path), Py_NewRef(links));
    if (!block || PyTuple_SetItem(blocks, i, block) < 0 || PyList_Append(parts, text) < 0)
        return FAILED;
    return end;
}

static PyObject *set_lines(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *lines, *type;
    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &lines, &type))
        return NULL;
    if (!is_tuple_type(type)) {
        PyErr_SetString(PyExc_TypeError, "a block should be a tuple");
        return NULL;
    }
    Py_ssize_t count = PyList_Size(lines), at = 0;
    PyObject *parts = PyList_New(0), *blocks = PyTuple_New(count), *text = NULL;
    for (Py_ssize_t i = 0; parts && blocks && at >= 0 && i < count; i++)
        at = set_one(PyList_GetItem(lines, i), parts, blocks, i, at, type);
    if (parts && blocks && at >= 0)
        text = PyUnicode_Join(NOTHING, parts);
    Py_XDECREF(parts);
    if (text)
        return Py_BuildValue("NN", text, blocks);
    Py_XDECREF(blocks);
    return NULL;
}

static PyMethodDef functions[] = {
    {"set_lines", set_lines, METH_VARARGS, "set_lines(lines, block)\n--\n\nDo as twin.py does."}, {0}};

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, fill}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT,
                                    .m_name = "_twin",
                                    .m_doc = "The compiled twin of flow.py.",
                                    .m_methods = functions,
                                    .m_slots = module_slots};

PyMODINIT_FUNC PyInit__twin(void) {
    return PyModuleDef_Init(&module);
}
