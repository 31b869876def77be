// A mesh as a page makes it by hand: everybody gets the same, at a fixed bit rate. The pages of one
// browser find each other by a BroadcastChannel, so that no server takes part in what is measured.
const channel = new BroadcastChannel('mesh');
const others = new Map();
const name = crypto.randomUUID();
let stream = null;
let bitrate = 0;

window.mesh = { join };

/** Joins with a camera, a fixed bit rate for each receiver, and a microphone or none. */
async function join(video, rate, speaks) {
  stream = await navigator.mediaDevices.getUserMedia({ audio: speaks, video });
  bitrate = rate;
  channel.onmessage = ({ data }) => void receive(data);
  channel.postMessage({ from: name, hello: true });
}

function connectTo(other) {
  const pc = new RTCPeerConnection();
  others.set(other, pc);
  for (const track of stream.getTracks()) {
    pc.addTrack(track, stream);
  }
  pc.onicecandidate = ({ candidate }) => {
    send(other, { candidate: candidate?.toJSON() });
  };
  pc.ontrack = ({ track }) => {
    const element = document.createElement(track.kind);
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
  };
  return pc;
}

async function receive({ from, to, hello, description, candidate }) {
  if (hello) {
    const pc = connectTo(from);
    await pc.setLocalDescription();
    send(from, { description: pc.localDescription.toJSON() });
    return;
  }
  if (to !== name) {
    return;
  }
  const pc = others.get(from) ?? connectTo(from);
  if (description) {
    await pc.setRemoteDescription(description);
    if (description.type === 'offer') {
      await pc.setLocalDescription();
      send(from, { description: pc.localDescription.toJSON() });
    }
    await limit(pc);
  } else if (candidate) {
    await pc.addIceCandidate(candidate).catch(() => undefined);
  }
}

async function limit(pc) {
  for (const sender of pc.getSenders().filter(({ track }) => track?.kind === 'video')) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      encoding.maxBitrate = bitrate;
    }
    await sender.setParameters(parameters);
  }
}

function send(to, message) {
  channel.postMessage({ from: name, to, ...message });
}
