"""Public data (公共数据、一数一源): the catalogue in use, disputes about facts, reviews of decisions.

The facts layer keeps values and repeats evaluations; here a claim becomes a case for the organ that
owns the source, and a decision that rests on a corrected fact becomes a case for the organ that took
it. Whose law: 政务数据共享条例 (checking of disputed data), 行政许可法 8 and 69 (changing a decision).
"""
