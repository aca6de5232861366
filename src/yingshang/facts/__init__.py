"""Facts (事实): what is known about a subject, since when, from whom, and how surely.

Fact types, code lists, sources and derivations are content. A value is bitemporal: it says for which
days it was true and from when till when the platform held it to be so; nothing is ever overwritten. A
profile is folded from the values, as of a day and as known at an instant, and derivations turn
series, records and relations into the scalar columns that rules read. One source is authoritative
for each fact (一数一源); what another says is a claim that the owner decides. Whose law: 数据安全法 21
(classes of data), 个人信息保护法 6 and 44 to 46 (purpose, knowing, correcting), 政务数据共享条例.
"""
