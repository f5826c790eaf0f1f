/** Takes unasked `100 Continue` heads off the start of a connection, before anybody else reads from it. */
import type { Socket } from 'node:net';

const start = Buffer.from('HTTP/1.1 100');
const headEnd = '\r\n\r\n';

/** Holds back the first bytes until they are known to be something else; from then on the socket is as it was. */
export function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held = Buffer.alloc(0);
  socket.read = (size?: number): Buffer | null => {
    const bytes = read(size);
    if (bytes === null) return null;
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const known = Math.min(held.length, start.length);
      if (!held.subarray(0, known).equals(start.subarray(0, known))) {
        Reflect.deleteProperty(socket, 'read');
        return held;
      }
      const end = held.indexOf(headEnd);
      if (known < start.length || end === -1) return null;
      held = held.subarray(end + headEnd.length);
      if (held.length === 0) return null;
    }
  };
}
