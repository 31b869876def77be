
/*
 * Copyright (C) Otter contributors
 */

/*
 * The shared memory of one host: who is in which room, which worker process
 * holds the peer's socket, what waits for a peer whose socket dropped, and
 * the rings by which workers reach each other.
 *
 * One lock guards all of it: the slab pool's, because that is the one which
 * the master releases when a worker dies holding it.  So critical sections
 * are short, allocate before they link, and publish with one last store.
 * Nothing here is touched without the lock unless its comment says so.
 */


#ifndef NGX_OTTER_ZONE_H_INCLUDED
#define NGX_OTTER_ZONE_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "otter_core.h"


enum {
    NGX_OTTER_LAYOUT = 2,              /* changes with any structure below */
    NGX_OTTER_SLOTS = 128,             /* worker processes, old ones too */
    NGX_OTTER_SLOT_WORDS = NGX_OTTER_SLOTS / 64,
    NGX_OTTER_SLOT_NONE = -1,          /* away: nobody has the socket */
    NGX_OTTER_SLOT_REMOTE = -2,        /* of another host */
    NGX_OTTER_ID_LEN = 20,             /* of peers and sessions */
    NGX_OTTER_SECRET_LEN = 32,
    NGX_OTTER_DOUBTS = 32,             /* hosts that may be dead at a time */
    NGX_OTTER_RING_SIZE = 512 * 1024,  /* a power of two */
    NGX_OTTER_RING_MIN = 32 * 1024     /* where the zone is nearly full */
};

/* since the zone was made; read without the lock */

typedef struct {
    ngx_atomic_t                  joins;
    ngx_atomic_t                  leaves;
    ngx_atomic_t                  resumes;
    ngx_atomic_t                  resyncs;
    ngx_atomic_t                  messages_in;
    ngx_atomic_t                  messages_out;
    ngx_atomic_t                  bytes_in;
    ngx_atomic_t                  bytes_out;
    ngx_atomic_t                  refused;         /* handshakes */
    ngx_atomic_t                  bus_messages;
    ngx_atomic_t                  bus_full;
    ngx_atomic_t                  closed_slow;     /* 4413 */
    ngx_atomic_t                  closed_fast;     /* 4429 */
    ngx_atomic_t                  closed_pong;     /* 4408 */
    ngx_atomic_t                  tokens;
} ngx_otter_counters_t;

/* a set of slots */

typedef struct {
    uint64_t                      word[NGX_OTTER_SLOT_WORDS];
} ngx_otter_slots_t;

/*
 * A worker process.  "tail" is moved by whoever holds the lock, "head" by
 * the slot's own worker with no lock: both count bytes since the ring was
 * made and never wrap.
 */

typedef struct {
    ngx_pid_t                     pid;             /* 0: free */
    ngx_atomic_t                  notified;        /* its eventfd is set */
    ngx_atomic_t                  head;
    ngx_atomic_t                  tail;
    u_char                       *ring;            /* NULL: takes nothing */
    size_t                        ring_size;
    ngx_atomic_t                  lost;            /* a record was: resync */
} ngx_otter_slot_t;

/*
 * A message that waits for a member whose socket dropped.  seq is what it
 * was sent with; 0: it came while the member was away.
 */

typedef struct {
    ngx_queue_t                   queue;
    uint64_t                      seq;
    uint64_t                      n;               /* of its sender's, by */
    u_char                        from[NGX_OTTER_ID_LEN];   /* Redis; or 0 */
    size_t                        len;
    u_char                        data[1];
} ngx_otter_held_t;

typedef struct {
    ngx_rbtree_node_t             node;            /* by name, then serial */
    ngx_queue_t                   members;
    ngx_queue_t                   expected;        /* members to be: Redis is
                                                      asked about them */
    ngx_uint_t                    taking;          /* that are of another host
                                                      and come to this one */
    ngx_queue_t                   expiring;        /* in sh->expiring */
    uint64_t                      serial;          /* never used twice */
    uint64_t                      stamp;           /* of the last record */
    ngx_otter_slots_t             slots;           /* hold members; read
                                                      without the lock */
    ngx_atomic_t                  away;            /* members with no slot;
                                                      read without the lock */
    ngx_atomic_t                  remote;          /* members of other hosts;
                                                      read without the lock */
    uint64_t                      version;         /* in Redis; 0: unknown */
    ngx_otter_slots_t             listeners;       /* workers subscribed */
    ngx_uint_t                    n;               /* members, away or not */
    ngx_uint_t                    max_peers;
    time_t                        created;
    time_t                        updated;
    time_t                        expires;         /* 0: never */
    u_char                       *metadata;        /* NULL: none */
    size_t                        metadata_len;
    unsigned                      locked:1;
    unsigned                      lobby:1;
    unsigned                      relay_only:1;
    unsigned                      kept:1;          /* also when empty */
    unsigned                      unsettled:1;     /* a sync is to follow */
    u_short                       name_len;
    u_char                        name[1];
} ngx_otter_room_t;

/*
 * A peer in a room, and its session: it outlives sockets and workers.  When
 * slot is NGX_OTTER_SLOT_NONE nobody holds its socket; what is for it then
 * is put into "held" by whoever sends it.
 */

typedef struct {
    ngx_rbtree_node_t             node;            /* by id */
    ngx_queue_t                   queue;           /* in room->members */
    ngx_queue_t                   away;            /* in sh->away */
    ngx_otter_room_t             *room;
    ngx_int_t                     slot;
    u_char                        id[NGX_OTTER_ID_LEN];
    u_char                        host[NGX_OTTER_ID_LEN];
    uint64_t                      published;       /* to other hosts */
    uint64_t                      seen;            /* of them, from there;
                                                      0: none yet */
    uint64_t                      taken;           /* "published" when it
                                                      came to this host */
    u_char                        resume[32];      /* SHA-256 of the secret */
    ngx_queue_t                   held;            /* of ngx_otter_held_t */
    size_t                        held_bytes;
    size_t                        held_max;
    uint64_t                      seq;             /* last one sent */
    uint64_t                      lost;            /* last one sent, neither
                                                      acknowledged nor held */
    uint64_t                      received;        /* client's messages */
    time_t                        deadline;        /* away until */
    time_t                        resume_timeout;
    unsigned                      moderator:1;
    unsigned                      guest:1;         /* came without a key */
    unsigned                      gap:1;           /* a message was lost */
    unsigned                      counted:1;       /* "received" is known */
    unsigned                      absent:1;        /* away, on another host */
    unsigned                      stale:1;         /* not in Redis, it seems */
    unsigned                      based:1;         /* "seen" is known */
    unsigned                      pending:1;       /* in room->expected */
    unsigned                      active:1;        /* and Redis has it */
    unsigned                      taking:1;        /* counted so */
    u_short                       identity_len;
    size_t                        peer_len;        /* PEER as JSON */
    u_char                       *peer;
    u_char                        identity[1];
} ngx_otter_member_t;

/* another host whose lease is missing, and since when */

typedef struct {
    u_char                        host[NGX_OTTER_ID_LEN];
    time_t                        since;           /* 0: unused */
} ngx_otter_doubt_t;

typedef struct {
    ngx_uint_t                    layout;
    uint64_t                      serial;          /* of the next room */
    ngx_rbtree_t                  rooms;
    ngx_rbtree_node_t             rooms_sentinel;
    ngx_rbtree_t                  members;
    ngx_rbtree_node_t             members_sentinel;
    ngx_queue_t                   away;            /* no order */
    ngx_queue_t                   expiring;        /* no order */
    ngx_queue_t                   pending;         /* no order */
    time_t                        reaped;          /* both looked through */
    time_t                        leased;          /* the host's was renewed */
    ngx_otter_doubt_t             doubts[NGX_OTTER_DOUBTS];
    u_char                        host[NGX_OTTER_ID_LEN];
    ngx_uint_t                    n_rooms;
    ngx_uint_t                    n_members;
    ngx_uint_t                    n_away;
    ngx_otter_counters_t          counters;
    ngx_otter_slot_t              slots[NGX_OTTER_SLOTS];
} ngx_otter_sh_t;

typedef struct ngx_otter_zone_s  ngx_otter_zone_t;

struct ngx_otter_zone_s {
    ngx_shm_zone_t               *shm_zone;
    ngx_slab_pool_t              *shpool;
    ngx_otter_sh_t               *sh;
};


/*
 * Declares the zone of this configuration; there is one.  NULL: it stands
 * already, or memory; the caller says so.
 */

ngx_otter_zone_t *ngx_otter_zone_add(ngx_conf_t *cf, ngx_str_t *name,
    size_t size);

void ngx_otter_zone_lock(ngx_otter_zone_t *zone);
void ngx_otter_zone_unlock(ngx_otter_zone_t *zone);

/* with the lock held */

ngx_otter_room_t *ngx_otter_zone_room(ngx_otter_zone_t *zone,
    ngx_str_t *name);

/* the first room whose name comes after this one */

ngx_otter_room_t *ngx_otter_zone_room_after(ngx_otter_zone_t *zone,
    ngx_str_t *name);

ngx_otter_room_t *ngx_otter_zone_room_add(ngx_otter_zone_t *zone,
    ngx_str_t *name, ngx_uint_t max_peers);
void ngx_otter_zone_room_free(ngx_otter_zone_t *zone, ngx_otter_room_t *room);

/* frees the room if it is empty and nobody asked to keep it */

void ngx_otter_zone_room_release(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room);

void ngx_otter_zone_insert_member(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
ngx_otter_member_t *ngx_otter_zone_member(ngx_otter_zone_t *zone,
    const u_char *id, size_t len);
ngx_otter_member_t *ngx_otter_zone_member_alloc(ngx_otter_zone_t *zone,
    ngx_str_t *identity, ngx_str_t *peer);

/* puts it into the room as one that is away; then it is moved to its slot */

void ngx_otter_zone_member_link(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, ngx_otter_member_t *m);
void ngx_otter_zone_member_free(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);

/*
 * One that may become a member: what is for it is held from now on.  It is
 * found by its id, is not in the room yet, and has "pending" set.
 */

void ngx_otter_zone_member_expect(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, ngx_otter_member_t *m);

/* makes it a member, as one that is away; or forgets it */

void ngx_otter_zone_member_admit(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);
void ngx_otter_zone_member_forget(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);

/*
 * Moves a member to a slot, to none or to another host; keeps room->slots,
 * ->away and ->remote in step.
 */

void ngx_otter_zone_member_move(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m, ngx_int_t slot);

/* keeps a message for a member that is away; NULL: there is a gap now */

ngx_otter_held_t *ngx_otter_zone_hold(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m, uint64_t seq, const u_char *data, size_t len);
void ngx_otter_zone_held_clear(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);

ngx_uint_t ngx_otter_slots_has(const ngx_otter_slots_t *slots, ngx_int_t n);
void ngx_otter_slots_add(ngx_otter_slots_t *slots, ngx_int_t n);

/* no slot but n (NGX_OTTER_SLOT_NONE: none at all) is in the set */

ngx_uint_t ngx_otter_slots_only(const ngx_otter_slots_t *slots, ngx_int_t n);


#endif /* NGX_OTTER_ZONE_H_INCLUDED */
