
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "otter_base64url.h"
#include "otter_file.h"
#include "otter_log.h"
#include "otter_random.h"
#include "otter_turn_secrets.h"


enum {
    OTTER_TURN_SECRET_BYTES = 32,
    OTTER_TURN_SECRET_LEN = 43,        /* in base64url */
    OTTER_TURN_SECRETS_TEXT = OTTER_TURN_SECRETS_MAX
                              * (OTTER_TURN_SECRET_MAX + 1) + 1,
    OTTER_TURN_SECRETS_ARGC = 11
};


/*
 * KEYS: coturn's set, and what is known of it: "current", "since" (ms),
 * "old:<secret>" (ms, when it may go), "host:<file>" (ms, and the secret that
 * this file signs with).  ARGV: the file, its lines, how old the current one
 * may get, how long an old one is needed, a new secret, whether to rotate
 * now, after what time a file that is not heard of is forgotten, and how many
 * old ones there may be.
 */

static const char  otter_turn_secrets_script[] =
    "local set, state, file = KEYS[1], KEYS[2], ARGV[1]\n"
    "local rotate, life = tonumber(ARGV[3]), tonumber(ARGV[4])\n"
    "local forget, max = tonumber(ARGV[7]), tonumber(ARGV[8])\n"
    "local t = redis.call('TIME')\n"
    "local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
    "local lines, old, used, n = {}, {}, {}, 0\n"
    "local current, since\n"
    "for line in string.gmatch(ARGV[2], '[^\\n]+') do\n"
    "  lines[#lines + 1] = line\n"
    "end\n"
    "local all = redis.call('HGETALL', state)\n"
    "for i = 1, #all, 2 do\n"
    "  local kind, name = string.match(all[i], '^(%a+):?(.*)$')\n"
    "  if kind == 'current' then\n"
    "    current = all[i + 1]\n"
    "  elseif kind == 'since' then\n"
    "    since = tonumber(all[i + 1])\n"
    "  elseif kind == 'old' then\n"
    "    old[name] = tonumber(all[i + 1])\n"
    "    n = n + 1\n"
    "  elseif kind == 'host' and name ~= file then\n"
    "    local seen, secret = string.match(all[i + 1], '^(%d+) (.*)$')\n"
    "    if now - seen > forget then\n"
    "      redis.call('HDEL', state, all[i])\n"
    "    else\n"
    "      used[secret] = true\n"
    "    end\n"
    "  end\n"
    "end\n"
    "local function sign(secret)\n"
    "  current, since = secret, now\n"
    "  redis.call('HSET', state, 'current', current, 'since', since)\n"
    "  if old[secret] then\n"
    "    old[secret] = nil\n"
    "    n = n - 1\n"
    "    redis.call('HDEL', state, 'old:' .. secret)\n"
    "  end\n"
    "end\n"
    "local function retire(secret)\n"
    "  if secret ~= current and not old[secret] then\n"
    "    old[secret] = now + life\n"
    "    n = n + 1\n"
    "  end\n"
    "end\n"

    /* a set that nobody has kept yet, or that Redis has lost */

    "if not current then\n"
    "  sign(lines[1] or ARGV[5])\n"
    "  for i = 2, #lines do\n"
    "    retire(lines[i])\n"
    "  end\n"
    "end\n"
    "if lines[1] then\n"
    "  used[lines[1]] = true\n"
    "  retire(lines[1])\n"
    "end\n"
    "if file ~= '' then\n"
    "  redis.call('HSET', state, 'host:' .. file,\n"
    "             string.format('%.0f ', now) .. (lines[1] or ''))\n"
    "end\n"
    "local due = ARGV[6] == '1' or rotate > 0 and now - since >= rotate\n"
    "local rotated = 0\n"
    "if due and n < max then\n"
    "  local last = current\n"
    "  sign(ARGV[5])\n"
    "  retire(last)\n"
    "  rotated = 1\n"
    "end\n"
    "local list = {}\n"
    "for secret, at in pairs(old) do\n"
    "  if used[secret] then\n"
    "    at = math.max(at, now + life)\n"
    "    old[secret] = at\n"
    "  end\n"
    "  if at <= now then\n"
    "    redis.call('HDEL', state, 'old:' .. secret)\n"
    "    redis.call('SREM', set, secret)\n"
    "  else\n"
    "    redis.call('HSET', state, 'old:' .. secret,\n"
    "               string.format('%.0f', at))\n"
    "    redis.call('SADD', set, secret)\n"
    "    list[#list + 1] = secret\n"
    "  end\n"
    "end\n"
    "redis.call('SADD', set, current)\n"
    "table.sort(list, function (a, b)\n"
    "  return old[a] > old[b] or old[a] == old[b] and a > b\n"
    "end)\n"
    "return {rotated, (due and rotated == 0) and 1 or 0, current,\n"
    "        unpack(list)}\n";


static int otter_turn_secrets_new(
    char secret[OTTER_TURN_SECRET_LEN + 1]);
static redisReply *otter_turn_secrets_ask(const otter_turn_conf_t *conf,
    otter_redis_t *coturn, const char *lines, const char *fresh,
    unsigned now);
static int otter_turn_secrets_take(otter_turn_secrets_t *secrets,
    const redisReply *reply);
static int otter_turn_secrets_add(otter_turn_secrets_t *secrets,
    const char *text, size_t len);
static void otter_turn_secrets_text(const otter_turn_secrets_t *secrets,
    char text[OTTER_TURN_SECRETS_TEXT]);


int
otter_turn_secrets_load(otter_turn_secrets_t *secrets, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    int            rc;
    char          *p, *line;
    size_t         len;
    otter_file_t   file;

    otter_turn_secrets_clear(secrets);

    rc = otter_file_read(&file, path, error);

    if (rc != 0) {
        return rc == ENOENT ? 0 : -1;
    }

    for (p = file.data; *p && rc == 0; /* void */ ) {
        line = p;
        len = strcspn(line, "\r\n");
        p += len + strspn(p + len, "\r\n");

        if (len == 0 || secrets->n == OTTER_TURN_SECRETS_MAX) {
            continue;
        }

        if (len > OTTER_TURN_SECRET_MAX
            || otter_turn_secrets_add(secrets, line, len) != 0)
        {
            snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                     "%s: a line is too long for a secret", path);
            rc = -1;
        }
    }

    otter_file_free(&file);

    return rc;
}


int
otter_turn_secrets_round(otter_turn_secrets_t *secrets,
    const otter_turn_conf_t *conf, otter_redis_t *coturn, unsigned now,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    int          rc;
    char         fresh[OTTER_TURN_SECRET_LEN + 1];
    char         before[OTTER_TURN_SECRETS_TEXT];
    char         after[OTTER_TURN_SECRETS_TEXT];
    redisReply  *reply;

    if (conf->secret_file
        && otter_turn_secrets_load(secrets, conf->secret_file, error) != 0)
    {
        return -1;
    }

    otter_turn_secrets_text(secrets, before);

    if (otter_turn_secrets_new(fresh) != 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "no random bytes");
        return -1;
    }

    reply = otter_turn_secrets_ask(conf, coturn, before, fresh, now);
    rc = otter_turn_secrets_take(secrets, reply);

    if (rc != 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "coturn's Redis: %s",
                 reply && reply->type == REDIS_REPLY_ERROR
                 ? reply->str : otter_redis_error(coturn));

    } else if (conf->secret_file) {
        otter_turn_secrets_text(secrets, after);

        if (strcmp(before, after) != 0) {
            rc = otter_file_write(conf->secret_file, after, strlen(after),
                                  error);
        }
    }

    freeReplyObject(reply);

    OPENSSL_cleanse(fresh, sizeof(fresh));
    OPENSSL_cleanse(before, sizeof(before));
    OPENSSL_cleanse(after, sizeof(after));

    return rc;
}


void
otter_turn_secrets_clear(otter_turn_secrets_t *secrets)
{
    size_t  i;

    for (i = 0; i < secrets->n; i++) {
        OPENSSL_cleanse(secrets->list[i], strlen(secrets->list[i]));
        free(secrets->list[i]);
    }

    memset(secrets, 0, sizeof(otter_turn_secrets_t));
}


static int
otter_turn_secrets_new(char secret[OTTER_TURN_SECRET_LEN + 1])
{
    unsigned char  bytes[OTTER_TURN_SECRET_BYTES];

    if (otter_random_bytes(bytes, sizeof(bytes)) != 0) {
        return -1;
    }

    *otter_base64url_encode((unsigned char *) secret, bytes, sizeof(bytes))
        = '\0';

    OPENSSL_cleanse(bytes, sizeof(bytes));

    return 0;
}


/* a file is known by its host and path, so that a restart changes nothing */

static redisReply *
otter_turn_secrets_ask(const otter_turn_conf_t *conf, otter_redis_t *coturn,
    const char *lines, const char *fresh, unsigned now)
{
    char         set[512], state[512], file[512], rotate[24], life[24];
    char         host[128];
    const char  *argv[OTTER_TURN_SECRETS_ARGC];
    redisReply  *reply;

    if (gethostname(host, sizeof(host)) == -1) {
        host[0] = '\0';
    }

    host[sizeof(host) - 1] = '\0';
    file[0] = '\0';

    if (conf->secret_file) {
        snprintf(file, sizeof(file), "%s:%s", host, conf->secret_file);
    }

    snprintf(set, sizeof(set), "turn/realm/%s/secret", conf->realm);
    snprintf(state, sizeof(state), "%sturn:secrets:%s", conf->prefix,
             conf->realm);
    snprintf(rotate, sizeof(rotate), "%" PRId64, conf->rotate);
    snprintf(life, sizeof(life), "%" PRId64, conf->ttl + conf->margin);

    argv[0] = "2";
    argv[1] = set;
    argv[2] = state;
    argv[3] = file;
    argv[4] = lines;
    argv[5] = rotate;
    argv[6] = life;
    argv[7] = fresh;
    argv[8] = now ? "1" : "0";
    argv[9] = "86400000";
    argv[10] = "7";

    reply = otter_redis_script(coturn, state, otter_turn_secrets_script,
                               OTTER_TURN_SECRETS_ARGC, argv, NULL);

    return reply;
}


static int
otter_turn_secrets_take(otter_turn_secrets_t *secrets,
    const redisReply *reply)
{
    size_t  i;

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY
        || reply->elements < 3
        || reply->element[0]->type != REDIS_REPLY_INTEGER
        || reply->element[1]->type != REDIS_REPLY_INTEGER)
    {
        return -1;
    }

    otter_turn_secrets_clear(secrets);

    secrets->rotated = (reply->element[0]->integer == 1);
    secrets->full = (reply->element[1]->integer == 1);

    for (i = 2; i < reply->elements; i++) {
        if (secrets->n == OTTER_TURN_SECRETS_MAX) {
            break;
        }

        if (reply->element[i]->type != REDIS_REPLY_STRING
            || otter_turn_secrets_add(secrets, reply->element[i]->str,
                                      reply->element[i]->len)
               != 0)
        {
            return -1;
        }
    }

    return 0;
}


static int
otter_turn_secrets_add(otter_turn_secrets_t *secrets, const char *text,
    size_t len)
{
    char  *copy;

    copy = len <= OTTER_TURN_SECRET_MAX ? strndup(text, len) : NULL;

    if (copy == NULL) {
        return -1;
    }

    secrets->list[secrets->n++] = copy;

    return 0;
}


static void
otter_turn_secrets_text(const otter_turn_secrets_t *secrets,
    char text[OTTER_TURN_SECRETS_TEXT])
{
    char    *p;
    size_t   i;

    p = text;

    for (i = 0; i < secrets->n; i++) {
        p = stpcpy(p, secrets->list[i]);
        *p++ = '\n';
    }

    *p = '\0';
}
