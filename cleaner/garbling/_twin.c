/* What the lines of a text show, in one pass over its characters: the compiled twin of `LineGate` in readers.py, which
 * says what that is and why. Where this file was not compiled, numpy does the work.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* For each code point its class, and for two classes after each other what is known of them, lent by readers.py. */
typedef struct {
    const Py_ssize_t *classes;
    const int64_t *facts;
    Py_ssize_t last, kinds; /* the last code point that has a class: it stands for all that follow; how many there are */
    const int64_t *ruled_out; /* by the two bits of a line's facts from bit `at` on: what turns its facts into the answer */
    int at;
} Tables;

/* Put down where the lines of a text start and end, and the facts of each and of any. Returns whether every class is one. */
static int read_lines(const Py_UCS4 *text, Py_ssize_t size, const Tables *tables, Py_ssize_t *places, int64_t *facts,
                      int64_t *any) {
    Py_ssize_t before = tables->classes['\n'], line = 0;
    int64_t shown = 0;
    if (before < 0 || before >= tables->kinds)
        return 0;
    places[0] = 0;
    for (Py_ssize_t at = 0; at <= size; at++) {
        Py_ssize_t code = at < size ? (Py_ssize_t)text[at] : '\n';
        Py_ssize_t here = tables->classes[code < tables->last ? code : tables->last];
        if (here < 0 || here >= tables->kinds)
            return 0;
        shown |= tables->facts[before * tables->kinds + here];
        before = here;
        if (code == '\n') {
            shown ^= tables->ruled_out[shown >> tables->at & 3];
            *any |= shown;
            facts[line++] = shown;
            places[line] = at + 1;
            shown = 0;
        }
    }
    return 1;
}

PyDoc_STRVAR(look_doc,
"look(text, classes, facts, kinds, ruled_out, at)\n--\n\n"
"Return where the lines of a text start and end (intp, as bytes), the facts of each (int64, as bytes), and of any.");

static PyObject *look(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *text, *places = NULL, *shown = NULL, *result = NULL;
    Py_buffer classes, facts, ruled_out;
    Py_ssize_t kinds, lines = 1;
    int64_t any = 0;
    int at;
    if (!PyArg_ParseTuple(args, "Uy*y*ny*i", &text, &classes, &facts, &kinds, &ruled_out, &at))
        return NULL;
    Tables tables = {classes.buf, facts.buf, classes.len / (Py_ssize_t)sizeof(Py_ssize_t) - 1, kinds, ruled_out.buf, at};
    Py_ssize_t size = PyUnicode_GetLength(text), room = facts.len / (Py_ssize_t)sizeof(int64_t);
    Py_UCS4 *codes = NULL;
    if (tables.last < '\n' || kinds < 1 || kinds > room / kinds || ruled_out.len < 32 || at < 0 || at > 61)
        PyErr_SetString(PyExc_ValueError, "the tables are too small");
    else
        codes = PyUnicode_AsUCS4Copy(text);
    for (Py_ssize_t i = 0; codes && i < size; i++)
        lines += codes[i] == '\n';
    if (codes) {
        places = PyBytes_FromStringAndSize(NULL, (lines + 1) * (Py_ssize_t)sizeof(Py_ssize_t));
        shown = PyBytes_FromStringAndSize(NULL, lines * (Py_ssize_t)sizeof(int64_t));
    }
    if (places && shown) {
        if (read_lines(codes, size, &tables, (Py_ssize_t *)PyBytes_AsString(places), (int64_t *)PyBytes_AsString(shown),
                       &any))
            result = Py_BuildValue("OOL", places, shown, (long long)any);
        else
            PyErr_SetString(PyExc_ValueError, "a class is none");
    }
    Py_XDECREF(places);
    Py_XDECREF(shown);
    PyMem_Free(codes);
    PyBuffer_Release(&classes);
    PyBuffer_Release(&facts);
    PyBuffer_Release(&ruled_out);
    return result;
}

static PyMethodDef methods[] = {{"look", look, METH_VARARGS, look_doc}, {0}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_twin", .m_doc = "The compiled twin of readers.py.", .m_methods = methods};

PyMODINIT_FUNC PyInit__twin(void) {
    return PyModuleDef_Init(&module);
}
