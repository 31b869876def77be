
/*
 * Copyright (C) Otter contributors
 */

/* What systemd is told, if it has started the companion: sd_notify(3). */


#ifndef OTTER_NOTIFY_H_INCLUDED
#define OTTER_NOTIFY_H_INCLUDED


/* "READY=1", "STATUS=...", "STOPPING=1"; without NOTIFY_SOCKET, nothing */

void otter_notify(const char *state);


#endif /* OTTER_NOTIFY_H_INCLUDED */
