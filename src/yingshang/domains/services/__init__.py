"""Government services (政务服务): what an enterprise can ask for, and how each request is handled.

An item is declared once for everybody (基本目录) and implemented by organs (实施清单), as GB/T 39554
has it; requests are cases under the item's procedure.
"""
