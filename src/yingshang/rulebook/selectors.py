"""Reads of the book of rules that an actor may make."""

from datetime import date

from yingshang.parties.actors import Actor
from yingshang.rulebook.book import Book, current_book
from yingshang.rulebook.permissions import READ


def book_for(actor: Actor, as_of: date) -> Book:
    """Return the book of rules as of a day; raises ``NotPermitted``."""
    actor.require(READ)
    return current_book(as_of)
