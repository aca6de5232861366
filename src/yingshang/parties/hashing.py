"""How passwords are stored where they are no secret."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PublishedPasswordHasher(PBKDF2PasswordHasher):
    """Few rounds: the demonstration prints its passwords on the login page, so rounds would protect nothing."""

    algorithm = "published_pbkdf2_sha256"
    iterations = 1000
