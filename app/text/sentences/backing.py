"""What is said of backups, in Chinese."""

SENTENCES: dict[str, str] = {
    "The backup {} cannot be read: {}.": "无法读取备份 {}：{}。",
    "{} is no whole backup of Tandem.": "{} 不是完整的 Tandem 备份。",
    "It may be cut or another file: take another backup.": "它可能被截断，或者是其他文件：请使用另一份备份。",
    "The backup {} is of format {}, and this Tandem reads {}.": "备份 {} 的格式是 {}，而此 Tandem 只能读取 {}。",
    "Update Tandem.": "请更新 Tandem。",
    "The backup {} has {}, which no backup has.": "备份 {} 中有 {}，备份中不应有此内容。",
    "Take another backup.": "请使用另一份备份。",
    "The backup {} is damaged.": "备份 {} 已损坏。",
    "Nothing was restored: take another backup.": "没有还原任何内容：请使用另一份备份。",
    "{} cannot be copied: {}.": "无法复制 {}：{}。",
    "See what `tandem doctor` says.": "请查看 `tandem doctor` 的结果。",
    "{} is damaged: {}.": "{} 已损坏：{}。",
    "Put an earlier backup in the workspace's place.": "请用较早的备份代替此工作区。",
    "The records of this workspace are kept elsewhere, so no backup can hold them.": (
        "此工作区的记录保存在别处，因此备份无法包含它们。"
    ),
    "Unset TANDEM_RECORDS_URL, or back that database up by its own means.": (
        "请取消设置 TANDEM_RECORDS_URL，或用该数据库自己的方式备份。"
    ),
    "There is {} already.": "{} 已存在。",
    "Name another file, or remove that one first.": "请指定另一个文件，或先删除该文件。",
    "There is no folder {}.": "没有文件夹 {}。",
    "Make it first.": "请先创建它。",
    "The disk is full, so there is no backup.": "磁盘已满，没有生成备份。",
    "Free some space there.": "请在那里释放一些空间。",
    "The backup cannot be written: {}.": "无法写入备份：{}。",
    "Check the folder.": "请检查该文件夹。",
    "The restored workspace would not use its own records.": "还原的工作区不会使用它自己的记录。",
    "Unset TANDEM_RECORDS_URL: a backup brings its records.": "请取消设置 TANDEM_RECORDS_URL：备份自带记录。",
    "The backup cannot be restored: {}.": "无法还原备份：{}。",
    "{} is not empty, and nothing in it is overwritten.": "{} 不是空的，其中的内容不会被覆盖。",
    "Name another folder with --into.": "请用 --into 指定另一个文件夹。",
    "The backup was made by a newer Tandem (revision {}, known {}).": (
        "此备份由较新的 Tandem 生成（版本 {}，已知 {}）。"
    ),
    "Update Tandem, then restore it.": "请更新 Tandem，然后再还原。",
    "There is no room on the disk for what the backup holds.": "磁盘空间不足，放不下备份的内容。",
    "The records in the backup cannot be used: {}.": "备份中的记录无法使用：{}。",
    "The records in the backup are damaged or newer.": "备份中的记录已损坏，或版本较新。",
    "Update Tandem, or take another.": "请更新 Tandem，或使用另一份备份。",
}
