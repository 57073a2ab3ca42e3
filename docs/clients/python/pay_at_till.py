#!/usr/bin/env python3
"""Pays at a till through PinBridge, over STOMP 1.2 and with nothing but Python's standard library.

    python3 pay_at_till.py CLIENT.PROPERTIES TERMINAL CENTS      for example: data/client.properties till-1 1050

Exit code: 0 paid, 1 not paid, 2 not known (a person has to look), 3 wrong usage or no connection (nothing was sent).
"""
import json, os, queue, re, socket, sys, threading, time, uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

TIME_TO_START = int(os.environ.get("PAY_TIME_TO_START", 120))  # seconds; after that the terminal must not light up
GRACE = int(os.environ.get("PAY_GRACE", 60))  # seconds of silence after that, until we ask what became of it
QUESTIONS = 5  # so often we ask; then it is a person's turn

PAID, NOT_PAID, UNKNOWN, NOTHING_SENT = range(4)


class Stomp:
    """As much of STOMP as paying needs."""

    def __init__(self, url, user, password):
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=10)
        self.socket.settimeout(None)
        self.frames = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        # The broker drops a client that is silent for a minute, unless they agree on signs of life.
        self.send("CONNECT", {"accept-version": "1.2", "login": user, "passcode": password, "heart-beat": "10000,0"})
        self.expect("CONNECTED")

    def send(self, command, headers, body=""):
        head = "".join(f"{name}:{value}\n" for name, value in headers.items())
        self.socket.sendall(f"{command}\n{head}\n{body}\0".encode())

    def receive(self, seconds):
        """The next frame as (command, headers, body); None when none comes in this time."""
        until = time.monotonic() + seconds
        while True:
            try:
                frame = self.frames.get(timeout=min(5, max(0, until - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= until:
                    return None
                self.socket.sendall(b"\n")  # the sign of life
                continue
            if frame[0] == "ERROR":
                raise OSError(frame[1].get("message", "the broker refused"))
            return frame

    def expect(self, command):
        """Waits for this frame; results may come before a receipt, so other frames are put back."""
        early = []
        while (frame := self.receive(10)) and frame[0] != command:
            early.append(frame)
        if not frame:
            raise OSError(f"the broker does not answer with {command}")
        for other in early:
            self.frames.put(other)

    def close(self):
        """Leaves in good order, so that the last ACK arrives; what was booked stands either way."""
        try:
            self.send("DISCONNECT", {"receipt": "bye"})
            self.expect("RECEIPT")
        except OSError:
            pass

    def _read(self):
        with self.socket.makefile("rb") as stream:
            while line := stream.readline():
                if not line.strip():
                    continue  # between two frames
                command, headers = line.strip().decode(), {}
                while line := stream.readline().rstrip(b"\r\n"):
                    name, _, value = line.decode().partition(":")
                    headers.setdefault(name, re.sub(r"\\(.)", lambda e: {"n": "\n", "r": "\r", "c": ":"}.get(e[1], e[1]), value))
                body, byte = bytearray(stream.read(int(headers.get("content-length", 0)))), stream.read(1)
                while byte not in (b"\0", b""):  # without a length the body ends at the first zero
                    body += byte
                    byte = stream.read(1)
                self.frames.put((command, headers, body.decode()))
        self.frames.put(("ERROR", {"message": "the broker hung up"}, ""))


def main():
    if len(sys.argv) != 4 or not sys.argv[3].isdecimal():
        print(__doc__, file=sys.stderr)
        return NOTHING_SENT
    terminal, cents = sys.argv[2], int(sys.argv[3])  # money is counted in whole cents, never in floats
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            login = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line and not line.startswith("#"))
        broker = Stomp(login["url"], login["username"], login["password"])
    except (OSError, KeyError, ValueError) as error:
        print(f"no connection: {error!r}", file=sys.stderr)
        return NOTHING_SENT

    expires = datetime.now(timezone.utc) + timedelta(seconds=TIME_TO_START)
    create = {
        "commandId": f"so-{uuid.uuid4()}",  # the key: with it the bridge knows a repeat from a second payment
        "command": "create",
        "terminal": terminal,
        "amount": {"value": cents, "currency": "EUR"},
        "reference": "SO-4711",
        "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    # STOMP cannot make a queue, so we read the one that the bridge keeps for our user; the selector leaves the results of
    # others there. An ERP has one reader for all its results and needs none.
    key, replies = create["commandId"], f"payments.replies.{login['username']}"
    broker.send("SUBSCRIBE", {"id": "1", "destination": replies, "subscription-type": "ANYCAST",
                              "ack": "client-individual", "selector": f"commandId LIKE '{key}%'"})
    # Written down BEFORE it is sent (an ERP: committed to its database). After a crash here or later this key is how we
    # find out what became of the payment; a new key would be a new payment, and perhaps a second charge.
    try:
        write_down(create)
    except OSError as error:
        print(f"nothing was sent: {error}", file=sys.stderr)
        return NOTHING_SENT
    try:
        send(broker, create, replies)
        print(f"sent       create {key}: EUR {cents // 100}.{cents % 100:02} on {terminal}", flush=True)
        return outcome(broker, create, replies)
    except Exception as error:  # whatever it is: a program that fell over does not know that nothing was paid
        print(f"not known: {error}; ask with status for {key}, send no new create", file=sys.stderr)
        return UNKNOWN


def write_down(command):
    with open("sent-commands.log", "a", encoding="utf-8") as log:
        log.write(json.dumps(command) + "\n")
        log.flush()
        os.fsync(log.fileno())


def send(broker, command, replies):
    broker.send("SEND", {
        "destination": "payments.commands", "destination-type": "ANYCAST", "persistent": "true", "reply-to": replies,
        "correlation-id": command["commandId"], "content-type": "application/json", "receipt": command["commandId"],
    }, json.dumps(command))
    broker.expect("RECEIPT")  # before that the broker need not have it


def outcome(broker, create, replies):
    """Reads results until it is known what became of the money."""
    key, seen, highest, questions = create["commandId"], set(), {}, 0
    deadline = time.monotonic() + TIME_TO_START + GRACE
    while True:
        frame = broker.receive(deadline - time.monotonic())
        if frame is None:
            if questions == QUESTIONS:
                raise OSError("no final answer")
            questions, deadline = questions + 1, time.monotonic() + GRACE
            send(broker, {"commandId": f"{key}-status-{questions}", "command": "status", "payment": key}, replies)
            print(f"sent       status for {key}, because no final answer came", flush=True)
            continue
        _, headers, body = frame
        result = json.loads(body)
        command = result["commandId"]
        news = result["resultId"] not in seen and result["version"] > highest.get(command, -1)
        verdict = book(result) if news else None
        # Acknowledged only now: had we crashed while booking, the broker would give us the result again.
        broker.send("ACK", {"id": headers["ack"]})
        if news:  # results come at least once, and may overtake each other: repeats and old versions are dropped
            seen.add(result["resultId"])
            highest[command] = result["version"]
        if verdict is not None:
            broker.close()
            return verdict


def book(result):
    """Books a result on what it says about the PAYMENT; None while it is not over."""
    payment, error = result["payment"] or {}, result["error"] or {}
    status = payment.get("status", "none")
    print(f"{result['status']:<10} payment {status}, version {result['version']}", flush=True)
    if status == "PAID":
        paid = payment["amounts"]["paid"]
        print(f"paid: EUR {paid // 100}.{paid % 100:02}, transaction {payment['providerTransactionId']}", flush=True)
        return PAID
    refused = not payment and result["final"] and error.get("resend") != "after-status" and result["command"] == "create"
    if status == "NOT_PAID" or refused:
        print(f"not paid: {error.get('code')}: {error.get('message')}", flush=True)
        return NOT_PAID
    # A status command that worked is final while its payment may still be open: then we go on waiting.
    if not result["final"] or (result["command"] == "status" and status in ("OPEN", "IN_DOUBT")):
        return None
    print(f"not known: {error.get('code')}: {error.get('message')} Charge nothing; a person has to look.", flush=True)
    return UNKNOWN


if __name__ == "__main__":
    sys.exit(main())
