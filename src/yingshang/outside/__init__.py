"""Outside bodies (外部对接单位): banks, tax, seal makers, social insurance, housing fund, treasury.

They do not share our database. What we ask of one is written into an outbox in the transaction of
whoever asks; a worker sends it; the body answers when it likes, by a signed callback, perhaps twice or
not at all; each day both sides compare what they hold. Whatever is late, contradicted or given up is
*stuck*: shown, and settled by a person with a ground.

Knows content, parties, jobs and web. Cases and domains ask and listen (:mod:`.listeners`) and are
unknown here.
"""
