export { enterRoom } from '../flow/enter-room.js';
export { CallScreen } from '../screens/CallScreen.js';
