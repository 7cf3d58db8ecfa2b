"""Communes of the former province of Ninh Bình before and after the mergers.

Sources: resolutions 1318/NQ-UBTVQH15 (in force from 1 January 2025, Gia Viễn's part) and 1674/NQ-UBTVQH15
(in force from 1 July 2025) of the Standing Committee of the National Assembly.
"""

from __future__ import annotations

from typing import Final

# The present unit, then what it was made of. A name that lives on in its successor needs no line of its own.
_MERGERS: Final = """
thị trấn Thịnh Vượng: thị trấn Me, xã Gia Thịnh, xã Gia Vượng
xã Tiến Thắng: xã Gia Tiến, xã Gia Thắng
xã Gia Viễn: thị trấn Thịnh Vượng, xã Gia Hòa, thị trấn Me, xã Gia Thịnh, xã Gia Vượng
xã Đại Hoàng: xã Tiến Thắng, xã Gia Phương, xã Gia Trung, xã Gia Tiến, xã Gia Thắng
xã Gia Hưng: xã Liên Sơn, xã Gia Phú
xã Gia Phong: xã Gia Lạc, xã Gia Minh
xã Gia Vân: xã Gia Lập, xã Gia Tân
xã Gia Trấn: xã Gia Thanh, xã Gia Xuân
xã Nho Quan: thị trấn Nho Quan, xã Đồng Phong, xã Yên Quang
xã Gia Lâm: xã Gia Sơn, xã Xích Thổ
xã Gia Tường: xã Gia Thủy, xã Đức Long
xã Phú Sơn: xã Thạch Bình, xã Lạc Vân
xã Cúc Phương: xã Văn Phương
xã Phú Long: xã Kỳ Phú
xã Thanh Sơn: xã Thượng Hòa, xã Văn Phú
xã Quỳnh Lưu: xã Phú Lộc
xã Yên Khánh: thị trấn Yên Ninh, xã Khánh Cư, xã Khánh Vân, xã Khánh Hải
xã Khánh Nhạc: xã Khánh Hồng
xã Khánh Thiện: xã Khánh Cường, xã Khánh Lợi
xã Khánh Hội: xã Khánh Mậu, xã Khánh Thủy
xã Khánh Trung: xã Khánh Thành, xã Khánh Công
xã Yên Mô: thị trấn Yên Thịnh, xã Khánh Dương, xã Yên Hòa
xã Yên Từ: xã Yên Phong, xã Yên Nhân
xã Yên Mạc: xã Yên Mỹ, xã Yên Lâm
xã Đồng Thái: xã Yên Đồng, xã Yên Thành, xã Yên Thái
xã Chất Bình: xã Xuân Chính, xã Hồi Ninh
xã Kim Sơn: xã Kim Định, xã Ân Hòa, xã Hùng Tiến
xã Quang Thiện: xã Như Hòa, xã Đồng Hướng
xã Phát Diệm: thị trấn Phát Diệm, xã Thượng Kiệm, xã Kim Chính
xã Lai Thành: xã Yên Lộc, xã Tân Thành
xã Định Hóa: xã Văn Hải, xã Kim Tân
xã Bình Minh: thị trấn Bình Minh, xã Cồn Thoi, xã Kim Mỹ
xã Kim Đông: xã Kim Trung
phường Tây Hoa Lư: phường Ninh Giang, xã Trường Yên, xã Ninh Hòa, xã Phúc Sơn, xã Gia Sinh
phường Hoa Lư: phường Ninh Mỹ, phường Ninh Khánh, phường Đông Thành, phường Tân Thành, phường Vân Giang
phường Hoa Lư: phường Nam Thành, phường Nam Bình, phường Bích Đào, xã Ninh Khang, xã Ninh Nhất, xã Ninh Tiến
phường Nam Hoa Lư: phường Ninh Phong, phường Ninh Sơn, xã Ninh Vân, xã Ninh An, xã Ninh Hải
phường Đông Hoa Lư: phường Ninh Phúc, xã Khánh Hòa, xã Khánh Phú, xã Khánh An
phường Tam Điệp: phường Bắc Sơn, phường Tây Sơn, xã Quang Sơn
phường Yên Sơn: phường Tân Bình, xã Quảng Lạc, xã Yên Sơn
phường Trung Sơn: phường Nam Sơn, xã Đông Sơn
phường Yên Thắng: xã Yên Thắng, xã Khánh Thượng, phường Yên Bình
"""


def _pairs() -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for line in _MERGERS.strip().splitlines():
        present, _, former = line.partition(": ")
        pairs += [(name, present) for name in former.split(", ")]
    return pairs


RENAMED: Final[tuple[tuple[str, str], ...]] = tuple(_pairs())
"""Pairs of a former name and the name of the unit that it became part of, each with its rank (xã, phường …)."""
