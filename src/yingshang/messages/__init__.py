"""Messages (消息) to enterprises, and what they have to do (待办): shared by whoever has something to say.

A message belongs to a subject, is written once whatever happens to its sender, and keeps when it was
sent, opened, followed and acted on, so that a push can be measured. What the law requires to be told
cannot be switched off; the rest is the subject's choice. Nothing is pushed over other channels here.
"""
