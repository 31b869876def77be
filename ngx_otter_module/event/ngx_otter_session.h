
/*
 * Copyright (C) Otter contributors
 */

/*
 * A session: a peer of a room while its socket is at this worker.  It turns
 * what the socket brings into calls of the hub, numbers what goes out, and
 * keeps it until the peer has it.
 */


#ifndef NGX_OTTER_SESSION_H_INCLUDED
#define NGX_OTTER_SESSION_H_INCLUDED


#include "ngx_otter_hub.h"
#include "ngx_otter_room.h"
#include "ngx_otter_socket.h"
#include "ngx_otter_text.h"
#include "otter_envelope.h"


/*
 * Takes a fresh token for the same peer, escaped as in its JSON string: the
 * code of an error, or NULL with what it grants.
 */

typedef const char *(*ngx_otter_token_pt)(ngx_otter_socket_t *s,
    otter_span_t *token, ngx_otter_grant_t *grant);

/*
 * Adds ,"ice_servers":…,"ice_expires_at":… with fresh credentials; returns
 * when to do that again (0: never).
 */

typedef time_t (*ngx_otter_ice_pt)(ngx_otter_socket_t *s,
    ngx_uint_t relay_only, ngx_otter_text_t *text);

/* a message that was sent and is not acknowledged */

typedef struct ngx_otter_kept_s  ngx_otter_kept_t;

struct ngx_otter_kept_s {
    ngx_otter_kept_t          *next;
    ngx_otter_body_t          *body;
    uint64_t                   seq;
};

typedef struct {
    ngx_otter_hub_peer_t       peer;           /* the first member */
    ngx_otter_zone_t          *zone;
    ngx_otter_socket_t        *socket;

    uint64_t                   seq;            /* of the last one sent */
    uint64_t                   lost;           /* no longer kept, nor seen */
    uint64_t                   received;

    ngx_otter_kept_t          *kept;
    ngx_otter_kept_t         **kept_last;
    size_t                     kept_bytes;
    size_t                     kept_max;

    ngx_otter_token_pt         token;
    ngx_otter_ice_pt           ice;
    u_char                    *secret;         /* while it waits */
    time_t                     resume_timeout;
    ngx_queue_t                claim;          /* in the list of those */
    unsigned                   claimed:1;
    unsigned                   settling:1;     /* must not be freed */
    unsigned                   moderator:1;
} ngx_otter_session_t;

/* how far a join has come */

typedef enum {
    NGX_OTTER_JOIN_START = 0,
    NGX_OTTER_JOIN_ALONE,              /* there is no Redis to ask */
    NGX_OTTER_JOIN_ADMITTED,           /* Redis has let it in */
    NGX_OTTER_JOIN_TAKEN,              /* the session came to this host */
    NGX_OTTER_JOIN_REFUSED             /* join->rc says why */
} ngx_otter_join_stage_e;

/* join->rc: the room has put that token out */

enum {
    NGX_OTTER_JOIN_BANNED = -100
};

/* who wants to join, and what came of it */

typedef struct ngx_otter_join_s  ngx_otter_join_t;

struct ngx_otter_join_s {
    ngx_otter_zone_t          *zone;
    ngx_str_t                  room;
    ngx_str_t                  identity;
    ngx_str_t                  name;
    ngx_str_t                  metadata;       /* JSON object */
    ngx_str_t                  key;            /* the API key's id */
    ngx_uint_t                 moderator;
    ngx_uint_t                 guest;          /* the token came for no key */
    ngx_otter_grant_t          grant;          /* of the token */
    ngx_otter_token_pt         token;          /* verifies a fresh one */
    ngx_uint_t                 max_peers;      /* of a room made by this */
    time_t                     resume_timeout; /* seconds */
    size_t                     kept_max;       /* bytes kept for a resume */
    ngx_str_t                  ice;            /* members of the welcome, each
                                                  with a comma in front */
    ngx_str_t                  ice_relay;      /* the same in a room where
                                                  peers meet over relays */
    time_t                     renew;          /* when fresh ones are due */
    ngx_otter_ice_pt           renewal;

    ngx_str_t                  resume;         /* empty: a new session */
    uint64_t                   seq;            /* the last one seen */
    ngx_uint_t                 claims;         /* times asked for it */

    /* NGX_AGAIN was returned, and it is to be called again */

    void                     (*wake)(ngx_otter_join_t *join);

    ngx_otter_join_stage_e     stage;
    ngx_int_t                  rc;
    void                      *remote;         /* while Redis is asked */
    uint64_t                   serial;         /* of the room that expects
                                                  it */
    uint64_t                   version;        /* of the room as Redis let it
                                                  in; 0: not by Redis */
    ngx_uint_t                 closed;         /* that room was closed */
    ngx_uint_t                 tries;          /* for that reason */
    ngx_str_t                  peer;           /* PEER as JSON */
    u_char                     id[NGX_OTTER_ID_LEN];
    u_char                     secret[NGX_OTTER_SECRET_LEN];
    u_char                     hash[32];       /* of the secret */

    ngx_otter_body_t          *welcome;        /* out */
    ngx_otter_kept_t          *replay;         /* out */
    ngx_uint_t                 gap;            /* out: resync */
    ngx_uint_t                 waiting;        /* out: in the lobby */
};


/*
 * Joins or resumes.  NGX_OK; NGX_BUSY: the room is full; NGX_ABORT: it is
 * locked; NGX_DONE: the identity is that of one who is no guest;
 * NGX_OTTER_ROOM_DENIED: it was sent away from the lobby a moment ago;
 * NGX_ERROR: no memory, or no slot for this worker.  Of a resume also
 * NGX_DECLINED: there is no such session, or it is another's, and nothing was
 * touched.  NGX_AGAIN: it takes a moment; join->wake() is called when this is
 * to be called again, or if join->remote is NULL, the caller tries again by
 * itself: another worker was asked to let go of the socket.
 */

ngx_int_t ngx_otter_session_join(ngx_otter_join_t *join,
    ngx_otter_session_t **sp);

/* the join is given up, whatever stage it is at */

void ngx_otter_session_cancel(ngx_otter_join_t *join);

/* gives it the socket, on which welcome and missed messages go out */

void ngx_otter_session_attach(ngx_otter_session_t *session,
    ngx_otter_join_t *join, ngx_otter_socket_t *s);

/* the join came to nothing after all */

void ngx_otter_session_abandon(ngx_otter_session_t *session,
    ngx_otter_join_t *join);

/* sets all handlers of a session's socket but "done" */

void ngx_otter_session_base_handlers(ngx_otter_socket_handlers_t *handlers);

/* once in a worker, and when it is asked to leave */

void ngx_otter_session_init_worker(ngx_cycle_t *cycle,
    ngx_otter_zone_t *zone);
void ngx_otter_session_closing(void);


/* of the hub: never call back into it, nor end a socket at once */

void ngx_otter_session_deliver(ngx_otter_hub_peer_t *peer,
    ngx_otter_body_t *body);

/* the peer is no member any more: bye, close */

void ngx_otter_session_out(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *bye,
    ngx_uint_t code);

/* the same session comes back elsewhere: let go of the socket soon */

void ngx_otter_session_claimed(ngx_otter_hub_peer_t *peer);

/*
 * A moderator has let it in: the body is the state of the room that it finds,
 * as of the stamp.
 */

void ngx_otter_session_admitted(ngx_otter_hub_peer_t *peer, uint64_t stamp,
    ngx_otter_body_t *body);

/* something was lost: send a snapshot */

void ngx_otter_session_resync(ngx_otter_hub_peer_t *peer);


/* within session_*.c */

void ngx_otter_session_text(ngx_otter_session_t *session, const char *text);
void ngx_otter_session_error(ngx_otter_session_t *session, const char *code,
    const char *detail, otter_span_t *ref);
ngx_int_t ngx_otter_session_message(ngx_otter_socket_t *s, u_char *data,
    size_t len, ngx_uint_t opcode);
ngx_uint_t ngx_otter_session_ready(ngx_otter_socket_t *s);
ngx_int_t ngx_otter_session_lobby(ngx_otter_join_t *join,
    ngx_otter_session_t *session, ngx_otter_member_t *m, u_char *secret);
void ngx_otter_session_secret_free(ngx_otter_session_t *session);
ngx_int_t ngx_otter_session_resync_waiting(ngx_otter_session_t *session);

/* with the lock held: who waits, at the end of the list */

ngx_int_t ngx_otter_session_knocks(ngx_otter_room_t *room,
    ngx_otter_kept_t **list);
void ngx_otter_session_moderate(ngx_otter_session_t *session,
    otter_envelope_t *e);
void ngx_otter_session_acked(ngx_otter_session_t *session, uint64_t seq);
void ngx_otter_session_kept_free(ngx_otter_kept_t *kept);

ngx_int_t ngx_otter_session_resume(ngx_otter_join_t *join,
    ngx_otter_session_t *session);

/* with the lock held: a fresh secret, the welcome, what is to be replayed */

ngx_int_t ngx_otter_session_secret(u_char *secret, u_char *hash);
ngx_int_t ngx_otter_session_welcome(ngx_otter_join_t *join,
    ngx_otter_member_t *m, u_char *secret);
ngx_int_t ngx_otter_session_first(ngx_otter_join_t *join,
    ngx_otter_session_t *session, ngx_otter_member_t *m, u_char *secret);
void ngx_otter_session_take_held(ngx_otter_join_t *join,
    ngx_otter_member_t *m);

/* leaves the room for good, or goes away and may be resumed */

void ngx_otter_session_leave(ngx_otter_session_t *session,
    const char *reason);
void ngx_otter_session_away(ngx_otter_session_t *session);

/* goes away at once, for the same session comes back by another socket */

void ngx_otter_session_yield(ngx_otter_hub_peer_t *peer);


#endif /* NGX_OTTER_SESSION_H_INCLUDED */
