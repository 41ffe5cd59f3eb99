"""Hugging Face `datasets` maps the step over a dataset."""

import pytest

datasets = pytest.importorskip("datasets")

from cleaner.errors import UsageError  # noqa: E402
from cleaner.integrations.datasets import CleanBatch  # noqa: E402

TEXT = "It rained all night in Sandvik, and nobody slept."
ROWS = [{"id": n, "text": f"Skip to content\n\n{TEXT} {n}"} for n in range(5)] + [{"id": 5, "text": None}]


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "rows.parquet"
    datasets.Dataset.from_list(ROWS).to_parquet(path)
    return datasets.load_dataset("parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_the_texts_are_clean_and_the_rest_is_as_it_was(dataset, batch_size):
    done = dataset.map(CleanBatch("strip-only"), batched=True, batch_size=batch_size)
    assert done["text"][:] == [*(f"{TEXT} {n}" for n in range(5)), None]
    assert done["id"][:] == dataset["id"][:]
    assert done[0]["_cleaner"]["edits"] >= 1
    assert "neither a text nor a page" in done[5]["_cleaner"]["error"]


def test_what_was_done_before_is_known_by_its_fingerprint(dataset):
    first, again = (dataset.map(CleanBatch("strip-only"), batched=True) for _ in range(2))
    assert first._fingerprint == again._fingerprint
    other = dataset.map(CleanBatch("repair-only"), batched=True)
    assert other._fingerprint != first._fingerprint


def test_several_processes_do_the_same(dataset):
    one, two = (dataset.map(CleanBatch("strip-only"), batched=True, num_proc=n) for n in (1, 2))
    assert one["text"][:] == two["text"][:]


def test_a_dataset_without_texts_is_refused():
    with pytest.raises(UsageError, match="no column of texts"):
        CleanBatch()({"id": [1]})
