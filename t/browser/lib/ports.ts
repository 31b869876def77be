import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';

/** Below the range that the kernel gives to clients. */
const LOWEST = 10_000;
const COUNT = 22_000;

/** A port of 127.0.0.1 that nobody has, neither over TCP nor over UDP. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if ((await takesTcp(port)) && (await takesUdp(port))) {
      return port;
    }
  }
  throw new Error('no port is free');
}

function takesTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

function takesUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, '127.0.0.1', () => {
      socket.close(() => {
        resolve(true);
      });
    });
  });
}
