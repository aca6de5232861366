"""The enterprise's own page: its policy check-up (政策体检), tags and profile, told fact by fact.

Says of every policy in force whether the enterprise gets it, nearly gets it, cannot be told, or does not,
and why. Whose law: 优化营商环境条例 第六十二条 (policies are told precisely), 个人信息保护法 第四十四条 (who is
decided about may know why). It decides nothing and keeps nothing: claims and funds do. What it says is
worked out anew whenever it is asked, from the facts of that moment.
"""
