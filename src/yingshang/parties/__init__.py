"""Parties (主体): organs and their relations, subjects, people, accounts, roles and mandates.

Who exists, who may act for whom, and in which capacity somebody acts now. Access never follows the
tree of organs alone: it follows the mandate under which a person acts.
"""
