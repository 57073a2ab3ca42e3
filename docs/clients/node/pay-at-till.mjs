#!/usr/bin/env node
/*
 * Pays at a till through PinBridge, over AMQP 1.0.
 *
 *   npm ci && node pay-at-till.mjs CLIENT.PROPERTIES TERMINAL CENTS      for example: data/client.properties till-1 1050
 *
 * Exit code: 0 paid, 1 not paid, 2 not known (a person has to look), 3 wrong usage or no connection (nothing was sent).
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import rhea from 'rhea';

const TIME_TO_START = Number(process.env.PAY_TIME_TO_START ?? 120); // seconds; after that the terminal must not light up
const GRACE = Number(process.env.PAY_GRACE ?? 60); // seconds of silence after that, until we ask what became of it
const QUESTIONS = 5; // so often we ask; then it is a person's turn

const [PAID, NOT_PAID, UNKNOWN, NOTHING_SENT] = [0, 1, 2, 3];

const [file, terminal, amount] = process.argv.slice(2);
if (!/^[0-9]{1,8}$/.test(amount ?? '')) {
  console.error('usage: node pay-at-till.mjs CLIENT.PROPERTIES TERMINAL CENTS');
  process.exit(NOTHING_SENT);
}
const cents = Number(amount); // money is counted in whole cents: whole numbers are exact
const key = `so-${randomUUID()}`; // with this key the bridge knows a repeat from a second payment
let written = false;

/** Ends the program for a fault of connection, broker or file: nothing was sent, or it is not known what became of it. */
function fault(error) {
  const why = error?.description ?? error?.message ?? String(error);
  console.error(written ? `not known: ${why}; ask with status for ${key}, send no new create` : `no connection: ${why}`);
  process.exit(written ? UNKNOWN : NOTHING_SENT);
}

// Whatever goes wrong: a program that fell over does not know that nothing was paid.
process.on('uncaughtException', fault);

try {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.includes('=') && !line.startsWith('#'));
  const login = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const { hostname, port } = new URL(login.url);
  const connection = rhea.connect({ host: hostname, port, username: login.username, password: login.password, reconnect: false });
  connection.on('disconnected', ({ error }) => fault(error ?? 'the broker hung up'));
  connection.on('connection_error', ({ error }) => fault(error));
  connection.on('sender_error', ({ sender }) => fault(sender.error));
  connection.on('receiver_error', ({ receiver }) => fault(receiver.error));
  for (const word of ['rejected', 'released', 'modified']) {
    connection.on(word, () => fault(`the command was ${word}`));
  }

  // A temporary queue of our own: the broker makes it, names it, and removes it with this connection. What comes for it later
  // goes to payments.replies. We say ourselves when a result is accepted.
  const receiver = connection.open_receiver({ source: { dynamic: true, capabilities: ['temporary-queue'] }, autoaccept: false });
  const sender = connection.open_sender({ target: { address: 'payments.commands', capabilities: ['queue'] } });
  await Promise.all([once(receiver, 'receiver_open'), once(sender, 'sendable')]);

  const create = {
    commandId: key,
    command: 'create',
    terminal,
    amount: { value: cents, currency: 'EUR' },
    reference: 'SO-4711',
    expiresAt: new Date(Date.now() + TIME_TO_START * 1000).toISOString(),
  };
  // Written down BEFORE it is sent (an ERP: committed to its database). After a crash here or later this key is how we find
  // out what became of the payment; a new key would be a new payment, and perhaps a second charge.
  const log = openSync('sent-commands.log', 'a');
  writeSync(log, JSON.stringify(create) + '\n');
  fsyncSync(log);
  closeSync(log);
  written = true;

  const results = outcome(receiver, ask);
  await send(create);
  console.log(`sent       create ${key}: EUR ${euros(cents)} on ${terminal}`);
  const verdict = await results;
  connection.removeAllListeners('disconnected');
  connection.close();
  await once(connection, 'connection_close');
  process.exitCode = verdict;

  async function send(command) {
    sender.send({
      durable: true,
      reply_to: receiver.source.address,
      correlation_id: command.commandId,
      content_type: 'application/json',
      body: JSON.stringify(command),
    });
    await once(sender, 'accepted'); // before that the broker need not have it
  }

  async function ask(question) {
    await send({ commandId: `${key}-status-${question}`, command: 'status', payment: key });
    console.log(`sent       status for ${key}, because no final answer came`);
  }
} catch (error) {
  fault(error);
}

/** Reads results until it is known what became of the money. */
function outcome(receiver, ask) {
  return new Promise((resolve) => {
    const seen = new Set();
    const highest = new Map();
    let questions = 0;
    let timer = setTimeout(silence, (TIME_TO_START + GRACE) * 1000);

    function silence() {
      if (questions === QUESTIONS) {
        fault('no final answer');
      }
      timer = setTimeout(silence, GRACE * 1000);
      ask(++questions).catch(fault);
    }

    receiver.on('message', ({ message, delivery }) => {
      const result = JSON.parse(message.body);
      // Results come at least once, and may overtake each other: repeats and old versions are dropped.
      const news = !seen.has(result.resultId) && result.version > (highest.get(result.commandId) ?? -1);
      const verdict = news ? book(result) : undefined;
      delivery.accept(); // only now: had we crashed while booking, the result would go to payments.replies
      if (news) {
        seen.add(result.resultId);
        highest.set(result.commandId, result.version);
      }
      if (verdict !== undefined) {
        clearTimeout(timer);
        resolve(verdict);
      }
    });
  });
}

/** Books a result on what it says about the PAYMENT; undefined while it is not over. */
function book(result) {
  const { payment, error, command } = result;
  const status = payment?.status ?? 'none';
  console.log(`${result.status.padEnd(10)} payment ${status}, version ${result.version}`);
  if (status === 'PAID') {
    console.log(`paid: EUR ${euros(payment.amounts.paid)}, transaction ${payment.providerTransactionId}`);
    return PAID;
  }
  const refused = command === 'create' && result.final && payment === null && error?.resend !== 'after-status';
  if (status === 'NOT_PAID' || refused) {
    console.log(`not paid: ${error?.code}: ${error?.message}`);
    return NOT_PAID;
  }
  // A status command that worked is final while its payment may still be open: then we go on waiting.
  if (!result.final || (command === 'status' && ['OPEN', 'IN_DOUBT'].includes(status))) {
    return undefined;
  }
  console.log(`not known: ${error?.code}: ${error?.message} Charge nothing; a person has to look.`);
  return UNKNOWN;
}

function euros(cents) {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
