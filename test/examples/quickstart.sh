# One policy over one built-in scene, then what it left behind.
swath replay "builtin:harbour?scenes=1&size=1024" --policy detect --out runs
swath run list --out runs
swath run show replay --out runs
