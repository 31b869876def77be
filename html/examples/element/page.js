const call = document.querySelector('otter-call');
const events = document.querySelector('#events');

for (const type of ['joined', 'peer-joined', 'peer-left', 'left', 'error']) {
  call.addEventListener(type, ({ detail }) => {
    const who = detail.self ?? detail.peer;
    events.value = `${type}: ${who?.name ?? detail.reason ?? detail.code}`;
  });
}

const mute = document.querySelector('#mute');
let on = true;

call.addEventListener('media', ({ detail }) => {
  on = detail.microphone;
  mute.textContent = on ? 'Mute' : 'Unmute';
});

mute.addEventListener('click', () => {
  call.setMicrophone(!on);
});

document.querySelector('#leave').addEventListener('click', () => {
  call.leave();
});
