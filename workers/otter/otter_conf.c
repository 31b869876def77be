
/*
 * Copyright (C) Otter contributors
 */


#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "otter_conf.h"
#include "otter_file.h"


typedef enum {
    OTTER_CONF_WORD = 0,
    OTTER_CONF_SEMICOLON,
    OTTER_CONF_OPEN,
    OTTER_CONF_CLOSE,
    OTTER_CONF_END
} otter_conf_token_t;

/* a file, cut up where it lies */

typedef struct {
    char           *pos;
    char           *last;
    unsigned        line;
    unsigned        word_line;         /* in which the word before began */
    char            ended;             /* by which the word before ended */
} otter_conf_text_t;

typedef struct {
    char            folder[PATH_MAX];  /* that relative names start from */
    otter_conf_pt   call;
    void           *data;
    unsigned        nfiles;
    unsigned        depth;
} otter_conf_t;


static void otter_conf_file(otter_conf_t *conf, const char *path);
static void otter_conf_directives(otter_conf_t *conf, const char *path,
    otter_conf_text_t *text);
static void otter_conf_include(otter_conf_t *conf,
    const otter_conf_directive_t *d);
static void otter_conf_refuse(otter_conf_t *conf, const char *path,
    const char *error);
static otter_conf_token_t otter_conf_token(otter_conf_text_t *text,
    char **word);
static void otter_conf_blank(otter_conf_text_t *text);
static char *otter_conf_quoted(otter_conf_text_t *text);
static char *otter_conf_plain(otter_conf_text_t *text);
static char otter_conf_unescape(otter_conf_text_t *text);
static void otter_conf_skip_block(otter_conf_text_t *text);
static int otter_conf_is_lua(const char *name);


void
otter_conf_read(const char *path, otter_conf_pt call, void *data)
{
    char         *slash;
    otter_conf_t  conf;

    memset(&conf, 0, sizeof(otter_conf_t));

    conf.call = call;
    conf.data = data;

    snprintf(conf.folder, sizeof(conf.folder), "%s", path);

    slash = strrchr(conf.folder, '/');

    if (slash) {
        slash[1] = '\0';
    } else {
        conf.folder[0] = '\0';
    }

    otter_conf_file(&conf, path);
}


static void
otter_conf_file(otter_conf_t *conf, const char *path)
{
    int                rc;
    char               error[OTTER_FILE_ERROR_SIZE];
    otter_file_t       file;
    otter_conf_text_t  text;

    if (conf->depth == OTTER_CONF_DEPTH_MAX
        || conf->nfiles == OTTER_CONF_FILES_MAX)
    {
        otter_conf_refuse(conf, path, "too many files include one another");
        return;
    }

    rc = otter_file_read(&file, path, error);

    if (rc != 0) {
        otter_conf_refuse(conf, path, otter_file_reason(rc));
        return;
    }

    text.pos = file.data;
    text.last = file.data + file.len;
    text.line = 1;
    text.word_line = 1;
    text.ended = 0;

    conf->nfiles++;
    conf->depth++;

    otter_conf_directives(conf, path, &text);

    conf->depth--;

    otter_file_free(&file);
}


static void
otter_conf_directives(otter_conf_t *conf, const char *path,
    otter_conf_text_t *text)
{
    char                     *word;
    otter_conf_token_t        token;
    otter_conf_directive_t    d;

    d.file = path;
    d.nwords = 0;

    for ( ;; ) {
        token = otter_conf_token(text, &word);

        if (token == OTTER_CONF_END) {
            return;
        }

        if (token == OTTER_CONF_WORD) {
            if (d.nwords == 0) {
                d.line = text->word_line;
            }

            if (d.nwords < OTTER_CONF_WORDS_MAX) {
                d.words[d.nwords++] = word;
            }

            continue;
        }

        if (d.nwords) {
            conf->call(conf->data, &d, NULL);

            if (token == OTTER_CONF_OPEN && otter_conf_is_lua(d.words[0])) {
                otter_conf_skip_block(text);
            }

            if (d.nwords == 2 && strcmp(d.words[0], "include") == 0) {
                otter_conf_include(conf, &d);
            }
        }

        d.nwords = 0;
    }
}


static void
otter_conf_include(otter_conf_t *conf, const otter_conf_directive_t *d)
{
    int          n;
    char         pattern[PATH_MAX];
    size_t       i;
    glob_t       found;
    const char  *name;

    name = d->words[1];

    n = snprintf(pattern, sizeof(pattern), "%s%s",
                 *name == '/' ? "" : conf->folder, name);

    if (n < 0 || (size_t) n >= sizeof(pattern)) {
        otter_conf_refuse(conf, name, "the name is too long");
        return;
    }

    /* a pattern may match nothing, a name has to be there */

    if (strpbrk(pattern, "*?[") == NULL) {
        otter_conf_file(conf, pattern);
        return;
    }

    if (glob(pattern, 0, NULL, &found) != 0) {
        return;
    }

    for (i = 0; i < found.gl_pathc; i++) {
        otter_conf_file(conf, found.gl_pathv[i]);
    }

    globfree(&found);
}


static void
otter_conf_refuse(otter_conf_t *conf, const char *path, const char *error)
{
    otter_conf_directive_t  d;

    d.file = path;
    d.line = 0;
    d.nwords = 0;

    conf->call(conf->data, &d, error);
}


static otter_conf_token_t
otter_conf_token(otter_conf_text_t *text, char **word)
{
    char  ch;

    ch = text->ended;
    text->ended = 0;

    if (ch == 0) {
        otter_conf_blank(text);

        if (text->pos == text->last) {
            return OTTER_CONF_END;
        }

        ch = *text->pos;

        if (ch == ';' || ch == '{' || ch == '}') {
            text->pos++;
        }
    }

    text->word_line = text->line;

    switch (ch) {

    case ';':
        return OTTER_CONF_SEMICOLON;

    case '{':
        return OTTER_CONF_OPEN;

    case '}':
        return OTTER_CONF_CLOSE;

    case '"':
    case '\'':
        *word = otter_conf_quoted(text);
        return OTTER_CONF_WORD;

    default:
        *word = otter_conf_plain(text);
        return OTTER_CONF_WORD;
    }
}


/* white space and comments */

static void
otter_conf_blank(otter_conf_text_t *text)
{
    unsigned  comment;

    comment = 0;

    for ( /* void */ ; text->pos < text->last; text->pos++) {

        if (*text->pos == '\n') {
            text->line++;
            comment = 0;

        } else if (*text->pos == '#') {
            comment = 1;

        } else if (!comment && strchr(" \t\r", *text->pos) == NULL) {
            return;
        }
    }
}


static char *
otter_conf_quoted(otter_conf_text_t *text)
{
    char  quote, *word, *dst;

    quote = *text->pos++;
    word = text->pos;
    dst = word;

    while (text->pos < text->last && *text->pos != quote) {
        *dst++ = otter_conf_unescape(text);
    }

    if (text->pos < text->last) {
        text->pos++;
    }

    *dst = '\0';

    return word;
}


static char *
otter_conf_plain(otter_conf_text_t *text)
{
    char      ch, *word, *dst;
    unsigned  variable;

    word = text->pos;
    dst = word;
    variable = 0;

    while (text->pos < text->last) {
        ch = *text->pos;

        /* "${" belongs to a variable */

        if (strchr(" \t\r\n;", ch) || (ch == '{' && !variable)) {
            break;
        }

        variable = ch == '$';

        *dst++ = otter_conf_unescape(text);
    }

    /* the zero may take the place of what ended the word */

    if (text->pos < text->last) {
        ch = *text->pos;

        if (ch == ';' || ch == '{') {
            text->ended = ch;
        }

        if (ch == '\n') {
            text->line++;
        }

        text->pos++;
    }

    *dst = '\0';

    return word;
}


/* the next character, by nginx's rules of the backslash */

static char
otter_conf_unescape(otter_conf_text_t *text)
{
    char                ch;
    const char         *escape;
    static const char   escapes[] = "tnr\"'\\";
    static const char   values[] = "\t\n\r\"'\\";

    ch = *text->pos++;

    if (ch == '\n') {
        text->line++;
    }

    if (ch != '\\' || text->pos == text->last || *text->pos == '\0') {
        return ch;
    }

    escape = strchr(escapes, *text->pos);

    if (escape == NULL) {
        return ch;
    }

    text->pos++;

    return values[escape - escapes];
}


/* Lua knows quotes and comments of its own; its braces come in pairs */

static void
otter_conf_skip_block(otter_conf_text_t *text)
{
    unsigned  depth;

    for (depth = 1; text->pos < text->last && depth; text->pos++) {
        if (*text->pos == '\n') {
            text->line++;
        }

        depth += *text->pos == '{';
        depth -= *text->pos == '}';
    }
}


static int
otter_conf_is_lua(const char *name)
{
    size_t             len;
    static const char  suffix[] = "_by_lua_block";

    len = strlen(name);

    return len >= sizeof(suffix) - 1
           && strcmp(name + len - (sizeof(suffix) - 1), suffix) == 0;
}
