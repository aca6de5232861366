from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from yingshang.kernel.signing import (
    BadPublicKey,
    KeyUnavailable,
    PublicKey,
    create_key,
    load_key,
    load_or_create_key,
)


def test_the_first_value_of_rfc_8032() -> None:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    public = PublicKey("ed25519", private.public_key().public_bytes_raw())
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    assert public.verify(b"", signature)
    assert not public.verify(b"x", signature)
    assert not public.verify(b"", signature[:-1])


def test_a_key_signs_after_it_was_stored(tmp_path: Path) -> None:
    made = create_key(tmp_path / "keys" / "log.pem")
    loaded = load_key(tmp_path / "keys" / "log.pem")
    assert loaded.public == made.public
    assert PublicKey.from_text(str(made.public)).verify(b"m", loaded.sign(b"m"))
    assert not made.public.verify(b"n", loaded.sign(b"m"))


def test_the_file_is_its_owners_only_and_nothing_prints_it(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    key = create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["log.pem"]
    assert "PRIVATE" not in repr(key)
    path.chmod(0o640)
    with pytest.raises(KeyUnavailable, match="600"):
        load_key(path)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    key = create_key(path)
    with pytest.raises(FileExistsError):
        create_key(path)
    assert load_or_create_key(path).public == key.public


def test_many_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_or_create_key(tmp_path / "log.pem"), range(8)))
    assert len({key.public for key in keys}) == 1


def test_missing_and_broken_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable):
        load_key(tmp_path / "none.pem")
    broken = tmp_path / "broken.pem"
    broken.write_text("no key")
    broken.chmod(0o600)
    with pytest.raises(KeyUnavailable):
        load_key(broken)


@pytest.mark.parametrize("text", ["", "ed25519", "ed25519:???", "rsa:AAAA"])
def test_a_bad_public_key_is_refused(text: str) -> None:
    with pytest.raises(BadPublicKey):
        PublicKey.from_text(text)
