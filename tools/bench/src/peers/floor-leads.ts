import { connect } from '@nats-io/transport-node';
import { peerConfig } from './config.js';
import { answerHeaders } from './floor.wire.js';
import { announceReady } from './peer.life.js';
import { TaggedLeads } from './tagged.leads.js';

// Peer 3, its service: a subscription, the hand-written query of peer 1, an answer.
const config = peerConfig();
const leads = new TaggedLeads(config);
const connection = await connect({ servers: config.natsUrl, token: config.natsToken });
connection.subscribe('rpc.*.leads.>', {
  queue: 'leads',
  callback: (error, message) => {
    if (error) throw error;
    const org = message.subject.split('.')[1] ?? '';
    void leads.newest(org).then((list) => message.respond(JSON.stringify(list), { headers: answerHeaders() }));
  },
});
await connection.flush();
announceReady();
