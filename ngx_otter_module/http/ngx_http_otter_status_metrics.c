
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_status.h"


static const char *ngx_http_otter_label_room(ngx_uint_t i, char *buf);
static const char *ngx_http_otter_label_close(ngx_uint_t i, char *buf);
static const char *ngx_http_otter_label_error(ngx_uint_t i, char *buf);
static const char *ngx_http_otter_label_turn(ngx_uint_t i, char *buf);
static const char *ngx_http_otter_label_refusal(ngx_uint_t i, char *buf);


#define NGX_HTTP_OTTER_VALUE(field)                                           \
    offsetof(ngx_http_otter_status_t, field)

#define NGX_HTTP_OTTER_ALWAYS  NGX_HTTP_OTTER_VALUE(one)
#define NGX_HTTP_OTTER_REDIS   NGX_HTTP_OTTER_VALUE(redis)


/*
 * Every code that a problem can have, and what nginx refuses by itself: labels
 * come from this list alone, never from what somebody sent.  The place of the
 * NULL is for any other.
 */

static const char *const  ngx_http_otter_refusals[NGX_OTTER_STATS_REFUSALS] = {
    "auth-required",
    "bad-argument",
    "bad-body",
    "bad-handshake",
    "bad-json",
    "bad-member",
    "bad-seq",
    "body-too-large",
    "denied",
    "guest-role",
    "identity-taken",
    "key-expired",
    "key-rate",
    "key-required",
    "key-revoked",
    "key-room",
    "key-scope",
    "key-unknown",
    "keys-loading",
    "limit-conn",
    "limit-req",
    "method-not-allowed",
    "no-signing-key",
    "no-turn",
    "no-web-app",
    "not-found",
    "not-moderator",
    "origin-not-allowed",
    "peer-not-found",
    "request-timeout",
    "restarting",
    "resume-invalid",
    "room-full",
    "room-locked",
    "room-not-found",
    "subprotocol-required",
    "token-bad-algorithm",
    "token-bad-claims",
    "token-bad-signature",
    "token-expired",
    "token-in-url",
    "token-malformed",
    "token-not-yet-valid",
    "token-of-another",
    "token-required",
    "token-revoked",
    "token-unknown-key",
    "token-wrong-audience",
    "unavailable",
    "upgrade-required",
    "zone-full",
    NULL
};

const char *const  ngx_http_otter_room_statuses[] = {
    "open", "occupied", "full", "closed", NULL
};


const ngx_http_otter_metric_t  ngx_http_otter_metrics[] = {

    { "rooms", "Rooms that exist, by their status.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(rooms),
      "status", ngx_http_otter_label_room, NGX_HTTP_OTTER_ALWAYS },

    { "sessions", "Peers of this host, with a socket or away, in a room or "
                  "its lobby.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(sessions),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "sessions_away", "Peers whose socket dropped and who may resume.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(sessions_away),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "sessions_waiting", "Peers of this host that wait in a lobby.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(sessions_waiting),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "sockets", "WebSockets that are open.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(stats.sockets),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "workers", "Worker processes on the local bus.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(workers),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "joins_total", "Peers that joined a room.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.joins),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "leaves_total", "Peers that left a room, for whatever reason.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.leaves),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "resumes_total", "Sessions continued on another socket.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.resumes),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "resyncs_total", "Peers told that they may have missed a message.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.resyncs),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "messages_received_total", "Messages received from peers.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.messages_in),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "messages_sent_total", "Messages sent to peers.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.messages_out),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "received_bytes_total", "Bytes received over WebSockets.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.bytes_in),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "sent_bytes_total", "Bytes sent over WebSockets.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.bytes_out),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "relay_seconds", "From the reading of a message to its writing to a "
                       "receiver of this host; one of 64 is timed.",
      NGX_HTTP_OTTER_HISTOGRAM, NGX_HTTP_OTTER_VALUE(stats.relay),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "tokens_total", "Join tokens issued.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.tokens),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "refusals_total", "Requests and handshakes refused, by the code of the "
                        "problem.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.refusals),
      "code", ngx_http_otter_label_refusal, NGX_HTTP_OTTER_ALWAYS },

    { "errors_total", "Messages of peers answered by an error, by its code.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.errors),
      "code", ngx_http_otter_label_error, NGX_HTTP_OTTER_ALWAYS },

    { "closes_total", "WebSockets closed, by the close code.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.closes),
      "code", ngx_http_otter_label_close, NGX_HTTP_OTTER_ALWAYS },

    { "send_queue_peak_bytes", "The most that waited for one peer to take it, "
                               "since its worker started.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(stats.send_queue_peak),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "bus_messages_total", "Records passed from worker to worker.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.bus_messages),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "bus_full_total", "Records that were lost on the way to a worker.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.bus_full),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "bus_waits_total", "Times that a message and its sender had to wait.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.bus_waits),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "held_bytes", "Zone memory that holds messages for peers away.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(held),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "held_over_total", "Times that what was held for a peer, its room or "
                         "all went over a limit.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.held_over),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "ring_bytes", "What waits in the fullest worker's ring.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(ring_bytes),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "ring_peak_bytes", "The most that a worker found in its ring, since it "
                         "started.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(stats.ring_peak),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "ring_size_bytes", "Size of the smallest worker's ring.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(ring_size),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "zone_size_bytes", "Size of the shared memory zone.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(zone_size),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "zone_free_bytes", "Free pages of the shared memory zone.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(zone_free),
      NULL, NULL, NGX_HTTP_OTTER_ALWAYS },

    { "redis_up", "1: every worker reaches Redis, and is reached through it.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(redis_up),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "redis_workers", "Workers that reach Redis.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(stats.redis_up),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "redis_losses_total", "Times that a worker lost Redis and had to connect "
                            "again.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.redis_losses),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "redis_published_total", "Records sent to other hosts.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.redis_published),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "redis_received_total", "Records received from other hosts.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(stats.redis_received),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "redis_probe_seconds", "How long a message of a worker to itself takes "
                             "through Redis.",
      NGX_HTTP_OTTER_HISTOGRAM, NGX_HTTP_OTTER_VALUE(stats.redis_probe),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { "turn_server_up", "1: browsers get this server, 0: it is failing.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(turn_up),
      "uri", ngx_http_otter_label_turn, NGX_HTTP_OTTER_VALUE(turn) },

    { "turn_relayed_bytes_total", "Bytes that TURN servers relayed, of all "
                                  "hosts.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(relayed),
      NULL, NULL, NGX_HTTP_OTTER_REDIS },

    { NULL, NULL, NGX_HTTP_OTTER_GAUGE, 0, NULL, NULL, 0 }
};


void
ngx_http_otter_status_refused(const char *code)
{
    ngx_uint_t  i;

    for (i = 0; ngx_http_otter_refusals[i]; i++) {
        if (ngx_strcmp(ngx_http_otter_refusals[i], code) == 0) {
            break;
        }
    }

    ngx_otter_stats->refusals[i]++;
}


static const char *
ngx_http_otter_label_room(ngx_uint_t i, char *buf)
{
    return ngx_http_otter_room_statuses[i];
}


static const char *
ngx_http_otter_label_close(ngx_uint_t i, char *buf)
{
    u_char  *p;

    if (i == NGX_OTTER_STATS_CLOSES) {
        return NULL;
    }

    if (ngx_otter_stats_codes[i] == 0) {
        return "other";
    }

    p = ngx_sprintf((u_char *) buf, "%ui",
                    (ngx_uint_t) ngx_otter_stats_codes[i]);
    *p = '\0';

    return buf;
}


static const char *
ngx_http_otter_label_error(ngx_uint_t i, char *buf)
{
    if (i && ngx_otter_stats_error_codes[i - 1] == NULL) {
        return NULL;
    }

    return ngx_otter_stats_error_codes[i] ? ngx_otter_stats_error_codes[i]
                                          : "other";
}


static const char *
ngx_http_otter_label_refusal(ngx_uint_t i, char *buf)
{
    if (i && ngx_http_otter_refusals[i - 1] == NULL) {
        return NULL;
    }

    return ngx_http_otter_refusals[i] ? ngx_http_otter_refusals[i] : "other";
}


static const char *
ngx_http_otter_label_turn(ngx_uint_t i, char *buf)
{
    const otter_turn_health_t  *servers;

    if (i >= ngx_otter_relays_known(&servers)) {
        return NULL;
    }

    return (const char *) servers[i].uri.data;
}
