// An extension that is there before others, and is loaded into every Node process that the extension host starts: writes down
// what the host and the programs of the extension connect to or look up, one JSON line each, into the file that
// CONNECTIONS_LOG names. (VS Code itself leaves NODE_OPTIONS out when it starts the host.)
'use strict';
const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const who = process.argv.includes('--type=extensionHost')
  ? 'extension host'
  : /[\\/]dist[\\/](?:workers[\\/][\w-]+\.mjs|cli\.mjs)$/.exec(process.argv[1] ?? '')?.[0].slice(1);
const write = (what, host) =>
  appendFileSync(process.env.CONNECTIONS_LOG, `${JSON.stringify({ who, what, host: host ?? 'localhost' })}\n`);

if (who === 'extension host') process.env.NODE_OPTIONS = `--require ${JSON.stringify(__filename)}`;
if (who && process.env.CONNECTIONS_LOG) {
  write('starts', '');
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...given) {
    const [first] = Array.isArray(given[0]) ? given[0] : given;
    const options =
      typeof first === 'object' ? first : typeof first === 'string' ? { path: first } : { host: given[1] };
    // A path is a socket of this machine's own.
    if (!options.path) write('connects', typeof options.host === 'string' ? options.host : undefined);
    return connect.apply(this, given);
  };
  for (const api of [dns, dns.promises]) {
    const { lookup } = api;
    api.lookup = (host, ...rest) => {
      write('looks up', host);
      return lookup.call(api, host, ...rest);
    };
  }
  const { send } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function (...given) {
    write(
      'sends to',
      given.find((each) => typeof each === 'string'),
    );
    return send.apply(this, given);
  };
}

exports.activate = () => {};
