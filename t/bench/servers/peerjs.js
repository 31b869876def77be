// The PeerJS server as it comes, with room for as many peers as the load has.

import { PeerServer } from 'peer';

PeerServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  path: '/',
  concurrent_limit: 100_000,
});
