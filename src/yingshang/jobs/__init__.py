"""Periodic jobs (定时任务): each slot runs exactly once, whatever dies; a late job is seen.

A package declares a job through ``yingshang.kernel.jobs``. The scheduler turns each due slot into a
task of the database queue in one transaction with a unique row, so several processes may schedule at
once. The worker beats; a task whose worker no longer does is handed out again.
"""
