// Preloaded (`node --import`): every connection and every look-up of a name goes to the file of this variable, a line each.
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';

const file = process.env.RECORDED_CONNECTIONS;
const record = (what) => fs.appendFileSync(file, `${what}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  const target = typeof first === 'object' ? first : { port: first };
  if (target?.path === undefined) record(`connect ${target?.host ?? ''}:${target?.port}`);
  return connect.apply(this, args);
};
const { lookup } = dns;
dns.lookup = (...args) => {
  record(`lookup ${args[0]}`);
  return lookup(...args);
};
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  record('datagram');
  return send.apply(this, args);
};
