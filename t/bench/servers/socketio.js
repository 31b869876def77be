// Rooms by Socket.IO, over WebSocket alone; with a second argument, the port
// of a Redis, by its adapter.

import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const [port, redisPort] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

if (redisPort) {
  const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  const subscriber = publisher.duplicate();

  await Promise.all([publisher.connect(), subscriber.connect()]);
  io.adapter(createAdapter(publisher, subscriber));
}

io.on('connection', (socket) => {
  const { room } = socket.handshake.query;

  socket.join(room);

  socket.on('signal', ({ to, data }) => {
    socket.to(to).emit('signal', { from: socket.id, data });
  });

  socket.on('message', ({ data }) => {
    socket.to(room).emit('message', { from: socket.id, data });
  });
});

http.listen(port, '127.0.0.1', 4096);
