// A page that uses the client library as any web page would, without an app.
import * as otter from '/otter/sdk/otter.js';

const peer = {
  otter,
  room: null,
  tracks: {},
  chat: [],
  errors: [],
  join,
  media,
  publish,
  publishAll,
  churn,
  settled,
};
window.peer = peer;

/** Joins, plays what the others send, and takes whatever they offer. */
async function join(options) {
  const room = await otter.connect(options);
  peer.room = room;
  room.on('track-added', ({ track }) => {
    const element = document.createElement(track.track.kind);
    element.autoplay = true;
    element.srcObject = track.stream;
    document.body.append(element);
  });
  room.on('chat', ({ text }) => peer.chat.push(text));
  room.on('error', (error) => peer.errors.push(`${error.code}: ${error.message}`));
  return room.self.id;
}

/** Opens camera and microphone: a track for each source. */
async function media(size = { width: 320, height: 240, frameRate: 15 }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: size });
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  peer.tracks = {
    microphone: audio,
    camera: video,
    screen: video.clone(),
    'screen-audio': audio.clone(),
  };
}

/** Sends tracks of these sources. */
function publish(sources) {
  for (const source of sources) {
    peer.room.publish(peer.tracks[source], { source });
  }
}

/** Sends a track of every source. */
function publishAll() {
  const held = new Set([...peer.room.publications].map(({ source }) => source));
  for (const [source, track] of Object.entries(peer.tracks)) {
    if (!held.has(source)) {
      peer.room.publish(track, { source });
    }
  }
}

/** Adds and removes tracks at random, so many rounds, and a random pause after each. */
async function churn(rounds, pause) {
  const sources = Object.keys(peer.tracks);
  for (let round = 0; round < rounds; round++) {
    for (const publication of [...peer.room.publications]) {
      if (Math.random() < 0.5) {
        publication.unpublish();
      }
    }
    const held = new Set([...peer.room.publications].map(({ source }) => source));
    for (const source of sources.sort(() => Math.random() - 0.5)) {
      if (!held.has(source) && Math.random() < 0.6) {
        peer.room.publish(peer.tracks[source], { source });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
  }
}

/** Where each pair stands, and what is sent and received. */
function settled() {
  const { room } = peer;
  return {
    sends: [...room.publications].map(({ source }) => source).sort(),
    pairs: [...room.peers.values()].map(({ info, pc, tracks }) => ({
      with: info.identity,
      signaling: pc.signalingState,
      connection: pc.connectionState,
      receives: [...tracks.keys()].sort(),
      sections: pc.getTransceivers().length,
    })),
  };
}
