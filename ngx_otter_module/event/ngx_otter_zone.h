
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

#include "ngx_otter_stats.h"
#include "otter_core.h"


enum {
    NGX_OTTER_LAYOUT = 12,             /* changes with any structure below */
    NGX_OTTER_SLOTS = 128,             /* worker processes, old ones too */
    NGX_OTTER_SLOT_WORDS = NGX_OTTER_SLOTS / 64,
    NGX_OTTER_SLOT_NONE = -1,          /* away: nobody has the socket */
    NGX_OTTER_SLOT_REMOTE = -2,        /* of another host */
    NGX_OTTER_ID_LEN = 20,             /* of peers and sessions */
    NGX_OTTER_SECRET_LEN = 32,
    NGX_OTTER_CLOSED = 64,             /* rooms that were, to remember */
    NGX_OTTER_DOUBTS = 32,             /* hosts that may be dead at a time */
    NGX_OTTER_BANS = 4096,
    NGX_OTTER_CHAIN_SHARE = 2048,      /* bytes of the zone for a chain of
                                          members */
    NGX_OTTER_PEERS_MAX = 1000,        /* that a room may be told to take */
    NGX_OTTER_JTI_LEN = 16,
    NGX_OTTER_KEY_MAX = 64,            /* the id of an API key */
    NGX_OTTER_RING_SIZE = 512 * 1024,  /* a power of two */
    NGX_OTTER_RING_MIN = 32 * 1024,    /* where the zone is nearly full */
    NGX_OTTER_FLIGHTS = 256,           /* counters of rooms, of a ring */
    NGX_OTTER_LOSSY = 64,              /* rooms that lost something there */
    NGX_OTTER_ROOM_SHARE = 4,          /* of a ring: the part of a room, */
    NGX_OTTER_RECORD_SHARE = 8,        /* and of a record */
    NGX_OTTER_BESIDE_SHARE = 4,        /* of the zone: beside all rings, */
    NGX_OTTER_HELD_SHARE = 2,          /* held for all who are away, */
    NGX_OTTER_HELD_ROOM_SHARE = 8      /* and for those of one room */
};

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
    ngx_otter_stats_t            *stats;           /* stays; read without the
                                                      lock; NULL: none yet */
    ngx_atomic_t                 *flight;          /* bytes in it, by room */
    ngx_queue_t                   spill;           /* what did not fit */
    ngx_atomic_t                  spilled;         /* records in it */
    uint64_t                      lossy[NGX_OTTER_LOSSY];
    ngx_atomic_t                  n_lossy;         /* rooms to resync, when */
    ngx_atomic_t                  lossy_tail;      /* "head" has come there */
    ngx_atomic_t                  lost;            /* and when it is all */
    ngx_otter_slots_t             waiting;         /* workers, for place */
    ngx_atomic_t                  waited;          /* there are some */
    ngx_atomic_t                  leaving;         /* it was asked to */
} ngx_otter_slot_t;

/* the token of a member, as far as it tells it from others of the identity */

typedef struct {
    time_t                        iat;             /* 0: none */
    time_t                        expires;
    u_char                        jti[NGX_OTTER_JTI_LEN];   /* of its hash;
                                                      zeroes: none */
    u_char                        key_len;
    u_char                        key[NGX_OTTER_KEY_MAX];   /* that it is of */
} ngx_otter_grant_t;

/* a token that a room does not take any more, and those before it */

typedef struct {
    ngx_rbtree_node_t             node;            /* by room and identity */
    ngx_queue_t                   queue;
    ngx_otter_grant_t             grant;
    time_t                        since;
    unsigned                      denied:1;        /* sent away from the lobby,
                                                      for a while */
    unsigned                      unsaid:1;        /* Redis was away */
    u_short                       room_len;
    u_short                       identity_len;
    u_char                        data[1];
} ngx_otter_ban_t;

/*
 * A message that waits for a member whose socket dropped.  seq is what it
 * was sent with; 0: it came while the member was away.  The place is the
 * same, and goes on with the numbers that follow.
 */

typedef struct {
    ngx_queue_t                   queue;
    uint64_t                      seq;
    uint64_t                      place;
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
    uint64_t                      heard;           /* the last one of it */
    uint64_t                      said;            /* the last version that
                                                      was a message */
    time_t                        made;            /* in Redis, as it says */
    time_t                        anew;            /* when that was another */
    uint64_t                      told;            /* the last version that
                                                      members heard of, */
    uint64_t                      told_before;     /* the last one about */
    u_char                        told_of[NGX_OTTER_ID_LEN];  /* another */
    ngx_otter_slots_t             listeners;       /* workers subscribed */
    uint64_t                      lost;            /* stamp of what did not
                                                      come from other hosts
                                                      and is to be told */
    time_t                        lost_since;
    time_t                        questioned;      /* others, for numbers */
    ngx_uint_t                    n;               /* members, away or not */
    ngx_uint_t                    waiting;         /* of them: in the lobby */
    ngx_uint_t                    max_peers;
    size_t                        held;            /* bytes of the zone */
    time_t                        created;
    time_t                        updated;
    time_t                        expires;         /* 0: never */
    time_t                        asked;           /* Redis was, whether it
                                                      has; not before then */
    u_char                       *metadata;        /* NULL: none */
    size_t                        metadata_len;
    unsigned                      locked:1;
    unsigned                      lobby:1;
    unsigned                      relay_only:1;
    unsigned                      kept:1;          /* also when empty */
    unsigned                      unsettled:1;     /* a sync is to follow */
    unsigned                      ruled:1;         /* Redis lacks the policy */
    unsigned                      full:1;          /* as its members know it */
    unsigned                      unheard:1;       /* a number came too early */
    u_short                       name_len;
    u_char                        name[1];
} ngx_otter_room_t;

/*
 * A peer in a room, and its session: it outlives sockets and workers.  When
 * slot is NGX_OTTER_SLOT_NONE nobody holds its socket; what is for it then
 * is put into "held" by whoever sends it.
 */

typedef struct ngx_otter_member_s  ngx_otter_member_t;

struct ngx_otter_member_s {
    ngx_otter_member_t           *next;            /* in sh->members */
    ngx_queue_t                   queue;           /* in room->members */
    ngx_queue_t                   away;            /* in sh->away */
    ngx_otter_room_t             *room;
    ngx_int_t                     slot;
    u_char                        id[NGX_OTTER_ID_LEN];
    u_char                        host[NGX_OTTER_ID_LEN];
    uint64_t                      published;       /* to other hosts */
    uint64_t                      seen;            /* of them, from there;
                                                      0: none yet */
    uint64_t                      base;            /* what came after that
                                                      was heard of it */
    uint64_t                      taken;           /* "published" when it
                                                      came to this host */
    uint64_t                      entered;         /* version of the room
                                                      when it came in */
    ngx_uint_t                    moves;           /* from host to host */
    u_char                        resume[32];      /* SHA-256 of the secret */
    ngx_otter_grant_t             grant;
    ngx_queue_t                   held;            /* of ngx_otter_held_t */
    ngx_uint_t                    held_n;
    size_t                        held_bytes;
    size_t                        held_max;
    uint64_t                      last;            /* place of the last one */
    uint64_t                      sent;            /* the last one that was
                                                      sent to Redis, */
    uint64_t                      stored;          /* and that is there */
    uint64_t                      writes;          /* of its stream */
    uint32_t                      state;           /* CRC of what was written
                                                      beside messages */
    uint64_t                      seq;             /* last one sent */
    uint64_t                      lost;            /* last one sent, neither
                                                      acknowledged nor held */
    uint64_t                      received;        /* client's messages */
    time_t                        deadline;        /* away until */
    time_t                        resume_timeout;
    ngx_uint_t                    taking;          /* requests to take it */
    ngx_uint_t                    expecting;       /* that made it pending */
    u_char                       *marks;           /* what its peers had sent */
    size_t                        marks_len;       /* when it was minded */
    unsigned                      moderator:1;
    unsigned                      guest:1;         /* came without a key */
    unsigned                      gap:1;           /* a message was lost */
    unsigned                      counted:1;       /* "received" is known */
    unsigned                      absent:1;        /* away, on another host */
    unsigned                      stale:1;         /* not in Redis, it seems */
    unsigned                      based:1;         /* "seen" is known */
    unsigned                      doubted:1;       /* it may have said more */
    unsigned                      given:1;         /* to another host, which
                                                      has until deadline */
    unsigned                      pending:1;       /* in room->expected */
    unsigned                      active:1;        /* and Redis has it */
    unsigned                      waiting:1;       /* in the lobby */
    unsigned                      minded:1;        /* of another host, away */
    unsigned                      begun:1;         /* its stream is */
    unsigned                      streamed:1;      /* there may be one */
    u_short                       identity_len;
    size_t                        peer_len;        /* PEER as JSON */
    u_char                       *peer;
    u_char                        identity[1];
};

/* another host whose lease is missing, and since when */

typedef struct {
    u_char                        host[NGX_OTTER_ID_LEN];
    time_t                        since;           /* 0: unused */
    time_t                        looked;          /* last found missing */
} ngx_otter_doubt_t;

/* a room that was closed not long ago */

typedef struct {
    uint64_t                      version;
    uint32_t                      name;            /* its hash */
} ngx_otter_closed_t;

typedef struct {
    ngx_uint_t                    layout;
    uint64_t                      serial;          /* of the next room */
    ngx_rbtree_t                  rooms;
    ngx_rbtree_node_t             rooms_sentinel;
    ngx_otter_member_t          **members;         /* chains, by id */
    ngx_uint_t                    chains;
    ngx_queue_t                   away;            /* no order */
    ngx_queue_t                   expiring;        /* no order */
    ngx_queue_t                   pending;         /* no order */
    ngx_rbtree_t                  bans;
    ngx_rbtree_node_t             bans_sentinel;
    ngx_queue_t                   banned;          /* no order */
    ngx_atomic_t                  n_bans;          /* read without the lock */
    time_t                        reaped;          /* both looked through */
    time_t                        leased;          /* the host's was renewed */
    ngx_atomic_t                  unwritable;      /* Redis refused the lease;
                                                      read without the lock */
    ngx_otter_doubt_t             doubts[NGX_OTTER_DOUBTS];
    ngx_otter_closed_t            closed[NGX_OTTER_CLOSED];
    u_char                        host[NGX_OTTER_ID_LEN];
    ngx_uint_t                    n_rooms;
    ngx_uint_t                    n_members;
    ngx_uint_t                    n_away;
    ngx_atomic_t                  beside;          /* bytes beside the rings */
    size_t                        held;            /* bytes held, all rooms */
    ngx_rbtree_t                  rates;           /* of API keys, by id */
    ngx_rbtree_node_t             rates_sentinel;
    ngx_queue_t                   rated;           /* the last used first */
    ngx_otter_slot_t              slots[NGX_OTTER_SLOTS];
} ngx_otter_sh_t;

typedef struct ngx_otter_zone_s  ngx_otter_zone_t;

struct ngx_otter_zone_s {
    ngx_shm_zone_t               *shm_zone;
    ngx_slab_pool_t              *shpool;
    ngx_otter_sh_t               *sh;
    time_t                        token_life;      /* seconds, the longest
                                                      that a token is given */
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

void ngx_otter_zone_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node,
    ngx_rbtree_insert_pt insert);
/* where members are found by id, in a zone of that size */

ngx_int_t ngx_otter_zone_chains(ngx_slab_pool_t *shpool, ngx_otter_sh_t *sh,
    size_t size);
ngx_otter_member_t *ngx_otter_zone_member(ngx_otter_zone_t *zone,
    const u_char *id, size_t len);
ngx_otter_member_t *ngx_otter_zone_member_alloc(ngx_otter_zone_t *zone,
    ngx_str_t *identity, ngx_str_t *peer);

/*
 * Puts it into the room, or the lobby of the room if it is waiting, as one
 * that is away; then it is moved to its slot.
 */

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

/*
 * Keeps a message for a member that is away; NULL: there is a gap now, for it
 * would have been more than the member, its room, or all of them may hold.
 */

ngx_otter_held_t *ngx_otter_zone_hold(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m, uint64_t seq, const u_char *data, size_t len);
void ngx_otter_zone_held_free(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    ngx_otter_held_t *held);
void ngx_otter_zone_held_clear(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);

/* what is held has a hole from now on, and is of no use */

void ngx_otter_zone_gap(ngx_otter_zone_t *zone, ngx_otter_member_t *m);

/* of this process, or NULL: what a member has waiting is another now */

extern void  (*ngx_otter_zone_waiting)(ngx_otter_member_t *m);

ngx_uint_t ngx_otter_slots_has(const ngx_otter_slots_t *slots, ngx_int_t n);
void ngx_otter_slots_add(ngx_otter_slots_t *slots, ngx_int_t n);

/* no slot but n (NGX_OTTER_SLOT_NONE: none at all) is in the set */

ngx_uint_t ngx_otter_slots_only(const ngx_otter_slots_t *slots, ngx_int_t n);


#endif /* NGX_OTTER_ZONE_H_INCLUDED */
