// As little as a call can be made of: camera and microphone, a button, Otter's WebSocket, and one
// RTCPeerConnection for each of the others. Who comes later makes the offer, so that there is no
// glare; there is no reconnecting, no plan and nothing to see but pictures.
const settings = new URLSearchParams(location.search);
const number = (name) => ({ ideal: Number(settings.get(name)) });
const token = location.hash.slice('#token='.length);
const others = new Map();
let socket = null;
let iceServers = [];

const media = await navigator.mediaDevices.getUserMedia({
  audio: true,
  video: { width: number('width'), height: number('height'), frameRate: number('frameRate') },
});
document.getElementById('self').srcObject = media;
const button = document.getElementById('join');
button.disabled = false;
button.onclick = join;

function join() {
  button.disabled = true;
  const address = `${location.origin.replace('http', 'ws')}/otter/ws`;
  socket = new WebSocket(address, ['otter.v1', `otter.bearer.${token}`]);
  socket.onmessage = ({ data }) => void receive(JSON.parse(data));
}

function send(to, data) {
  socket.send(JSON.stringify({ type: 'signal', to, data }));
}

function connectTo(other) {
  const pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
  others.set(other, pc);
  for (const track of media.getTracks()) {
    pc.addTrack(track, media);
  }
  pc.onicecandidate = ({ candidate }) => {
    send(other, { candidate });
  };
  pc.ontrack = ({ track }) => {
    const element = document.createElement(track.kind);
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
  };
  return pc;
}

async function describe(pc, other) {
  await pc.setLocalDescription();
  send(other, { description: pc.localDescription });
}

async function receive({ type, ...message }) {
  if (type === 'welcome') {
    iceServers = message.ice_servers;
    document.body.dataset.state = 'joined';
    for (const { id } of message.peers) {
      void describe(connectTo(id), id);
    }
  } else if (type === 'signal') {
    const { from, data } = message;
    const pc = others.get(from) ?? connectTo(from);
    if (data.description) {
      await pc.setRemoteDescription(data.description);
      if (data.description.type === 'offer') {
        await describe(pc, from);
      }
    } else {
      await pc.addIceCandidate(data.candidate);
    }
  } else if (type === 'peer-left') {
    others.get(message.peer)?.close();
    others.delete(message.peer);
  }
}
