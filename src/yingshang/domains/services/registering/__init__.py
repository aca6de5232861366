"""Registration of market entities: what comes into being, changes and is put on record by a decision.

Regulation on the Administration of the Registration of Market Entities (市场主体登记管理条例). What is
registered by which application, and what then stands in register and licence, is said by service items.
"""
