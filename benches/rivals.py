#!/usr/bin/env python3
"""What other programs find in the same mails.

  rivals.py split MBOX FOLDER        the mails of an mbox, one a file
  rivals.py gather TESTDATA FOLDER   the mails of testdata/mail, and LABELS beside them
  rivals.py flufl FOLDER             name, tab, recipients, by flufl.bounce
  rivals.py events < NDJSON          the same of our events (failures and delays)
  rivals.py score LABELS FOUND...    how many of the reported recipients each file found

LABELS: name, kind, and recipients, tab-separated; the work part of a corpus of labelled
mails is read as it is. A recipient `a>b` is found by either.
"""
import collections, hashlib, json, os, pathlib, re, shutil, sys

def split(mbox, folder):
    os.makedirs(folder, exist_ok=True)
    mails = re.split(rb"(?m)^From .*\n", pathlib.Path(mbox).read_bytes())[1:]
    for n, mail in enumerate(mails):
        pathlib.Path(folder, f"{n:06}.eml").write_bytes(mail)

def gather(testdata, folder):
    os.makedirs(folder, exist_ok=True)
    rows = collections.OrderedDict()
    for line in pathlib.Path(testdata, "mail", "expected.tsv").read_text().splitlines():
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 5 or "?" in cells[2]:
            continue
        name = cells[0].replace("/", "_")
        shutil.copy(pathlib.Path(testdata, "mail", cells[0]), pathlib.Path(folder, name))
        rows.setdefault(name, [cells[1], set()])[1].update(cells[4].split(","))
    for name, (kind, who) in rows.items():
        print(name, kind, ",".join(sorted(who - {"-"})), sep="\t")

def flufl(folder):
    import email, email.policy
    from flufl.bounce import all_failures
    for path in sorted(pathlib.Path(folder).iterdir()):
        try:
            mail = email.message_from_bytes(path.read_bytes())
            temporary, permanent = all_failures(mail)
            found = {a.decode(errors="replace").lower() for a in set(temporary) | set(permanent)}
        except Exception as error:
            print(f"{path.name}: {error!r}", file=sys.stderr)
            found = set()
        print(path.name, ",".join(sorted(found)), sep="\t")

def events():
    found = collections.defaultdict(set)
    for line in sys.stdin:
        event = json.loads(line)
        name = os.path.basename(event["origin"]["file"])
        if event["kind"] in ("failed", "delayed"):
            both = {event.get("recipient"), event.get("final_recipient")} - {None}
            found[name].add(">".join(sorted(a.lower() for a in both)))
    for name in sorted(found):
        print(name, ",".join(sorted(found[name])), sep="\t")

def hashed(address):
    return "#" + hashlib.sha256(address.encode()).hexdigest()[:16]

def score(labels, *files):
    gold = {}
    for line in pathlib.Path(labels).read_text().splitlines():
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 3:
            continue
        kind, who = cells[1], (cells[6] if len(cells) > 6 else cells[2])
        if kind in ("failed", "delayed"):
            both = {who} if len(cells) <= 7 or cells[7] == "-" else {who, cells[7]}
            all_ = [set(w.lower().split(">")) for w in who.split(",") if "@" in w or w.startswith("#")]
            if len(all_) == 1 and len(both) == 2:
                all_[0].add(cells[7].lower())
            gold.setdefault(cells[0], []).extend(all_)
    items = sum(len(v) for v in gold.values())
    print(f"{items} recipients in {len(gold)} mails")
    for file in files:
        found, wrong = 0, 0
        told = {}
        for line in open(file):
            name, _, who = line.rstrip("\n").partition("\t")
            told[name] = [set(w.split(">")) for w in who.split(",") if w]
        for name, wanted in gold.items():
            got = [g | {hashed(a) for a in g} for g in told.get(name, [])]
            found += sum(any(w & g for g in got) for w in wanted)
            wrong += sum(not any(w & g for w in wanted) for g in got)
        print(f"{os.path.basename(file):12} found {found} ({found / items:.1%}), others named {wrong}")

command = sys.argv[1]
{"split": split, "gather": gather, "flufl": flufl, "events": events, "score": score}[command](*sys.argv[2:])
