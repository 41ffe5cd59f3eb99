"""One file, one engine: ``run(function, items, jobs)`` yields the results in the order of the items.

The function is called with an item and a `cleaner.watch.Watch`.
"""
