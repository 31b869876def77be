import { test as base, expect } from '@playwright/test';
import { Coturn } from './coturn.js';
import { Nginx } from './nginx.js';
import { Redis } from './redis.js';

interface Servers {
  /** nginx with the module; what it logs and leaves is judged at the end. */
  readonly nginx: Nginx;
  readonly coturn: Coturn;
  /** nginx that hands out credentials for coturn. */
  readonly relayed: Nginx;
  readonly redis: Redis;
  /** nginx with that Redis. */
  readonly joined: Nginx;
}

async function judge(nginx: Nginx): Promise<void> {
  expect(await nginx.end(), 'nginx leaves in order and with no alert in its log').toEqual([]);
}

export const test = base.extend<Servers>({
  nginx: async ({}, use) => {
    const nginx = await Nginx.start();
    await use(nginx);
    await judge(nginx);
  },
  coturn: async ({}, use) => {
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.end();
  },
  relayed: async ({ coturn }, use) => {
    const { secret, uris } = coturn;
    const nginx = await Nginx.start({ turn: { secret, uris } });
    await use(nginx);
    await judge(nginx);
  },
  redis: async ({}, use) => {
    const redis = await Redis.start();
    await use(redis);
    await redis.end();
  },
  joined: async ({ redis }, use) => {
    const nginx = await Nginx.start({ redis: redis.url });
    await use(nginx);
    await judge(nginx);
  },
});

export { expect };
