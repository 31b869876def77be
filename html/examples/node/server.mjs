/*
 * A back end in plain Node: it knows who somebody is, asks Otter for a join token with its API key,
 * and sends the browser to the call.
 *
 *     node server.mjs
 *
 * OTTER_URL           where Otter is mounted: http://localhost:8080/otter/
 * OTTER_API_KEY_FILE  a file whose first line is an API key: .otter/api-key
 * PORT                8090
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const otter = process.env.OTTER_URL ?? 'http://localhost:8080/otter/';
const keyFile =
    process.env.OTTER_API_KEY_FILE ??
    fileURLToPath(new URL('../../../.otter/api-key', import.meta.url));
const port = Number(process.env.PORT ?? 8090);
const apiKey = readFileSync(keyFile, 'utf8').split('\n')[0].trim();
const page = readFileSync(new URL('page.html', import.meta.url));

/** The longest form that is taken, in bytes. */
const MOST = 4096;

/** Who the visitor is: a site has accounts for this, the example has a cookie. */
function visitor(request) {
    const found = /(?:^|;\s*)visitor=([0-9a-f-]{36})/.exec(request.headers.cookie ?? '');
    return found?.[1] ?? randomUUID();
}

async function form(request) {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) {
        text += piece;
        if (text.length > MOST) {
            throw new RangeError('The form is too long.');
        }
    }
    return new URLSearchParams(text);
}

/** Asks Otter for a token. The API key never leaves the back end. */
async function mint(room, identity, name) {
    const response = await fetch(new URL('token', otter), {
        method: 'POST',
        headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ room, identity, name, ttl: 3600 }),
    });
    const answer = await response.json();
    if (!response.ok) {
        throw new Error(`${answer.code}: ${answer.detail}`);
    }
    return answer;
}

async function call(request, response) {
    const identity = visitor(request);
    const fields = await form(request);
    const name = fields.get('name')?.trim() || 'Somebody';
    const { join_url: link } = await mint('reception', identity, name);
    response.writeHead(303, {
        Location: link,
        'Set-Cookie': `visitor=${identity}; HttpOnly; SameSite=Lax; Path=/`,
        'Cache-Control': 'no-store',
    });
    response.end();
}

function say(response, status, text) {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`${text}\n`);
}

const server = createServer((request, response) => {
    if (request.url === '/' && request.method === 'GET') {
        response.writeHead(200, {
            'Content-Type': 'text/html; charset=utf-8',
            'Content-Security-Policy': "default-src 'none'; style-src 'self'",
        });
        response.end(page);
    } else if (request.url === '/call' && request.method === 'POST') {
        call(request, response).catch((error) => {
            console.error(error.message);
            if (error instanceof RangeError) {
                say(response, 413, error.message);
            } else {
                say(response, 502, 'There is no way into the call at the moment.');
            }
        });
    } else {
        say(response, 404, 'There is nothing here.');
    }
});

server.listen(port, 'localhost', () => {
    console.log(`http://localhost:${port}/`);
});
