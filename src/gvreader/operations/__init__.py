"""The long works over an archive: sync, backfill, import, restore, rebuild, verify, prove."""
