// The room relay that one writes with ws in an hour: /?room=NAME joins, the
// server says the peer's id, and messages go to one peer or to the room.
// No token is looked at and nothing is kept for who comes back.

import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';

const PING_MS = 25_000;
const rooms = new Map();
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxPayload: 65_536,
});

server.on('connection', (socket, request) => {
  const name = new URL(request.url, 'http://localhost').searchParams.get('room');
  const id = randomUUID();
  let room = rooms.get(name);

  if (room === undefined) {
    room = new Map();
    rooms.set(name, room);
  }

  room.set(id, socket);
  socket.alive = true;

  socket.on('pong', () => {
    socket.alive = true;
  });

  socket.on('message', (text) => {
    const { type, to, data } = JSON.parse(text);
    const out = JSON.stringify({ type, from: id, data });

    if (type === 'signal') {
      room.get(to)?.send(out);
      return;
    }

    for (const [other, peer] of room) {
      if (other !== id) {
        peer.send(out);
      }
    }
  });

  socket.on('close', () => {
    room.delete(id);

    if (room.size === 0) {
      rooms.delete(name);
    }
  });

  socket.on('error', () => socket.terminate());
  socket.send(JSON.stringify({ type: 'welcome', id }));
});

setInterval(() => {
  for (const socket of server.clients) {
    if (!socket.alive) {
      socket.terminate();
      continue;
    }

    socket.alive = false;
    socket.ping();
  }
}, PING_MS);
