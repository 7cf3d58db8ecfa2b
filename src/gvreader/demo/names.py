"""Names and words of the replica's world: communes, offices, invented people, spellings that vary in real texts."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

COMMUNES: Final = (
    "Gia Hòa", "Gia Hưng", "Gia Lạc", "Gia Lập", "Gia Minh", "Gia Phong", "Gia Phú", "Gia Phương", "Gia Sinh",
    "Gia Tân", "Gia Tiến", "Gia Thanh", "Gia Thắng", "Gia Thịnh", "Gia Trấn", "Gia Trung", "Gia Vân", "Gia Vượng",
    "Gia Xuân", "Liên Sơn",
)  # fmt: skip
"""The twenty communes of Gia Viễn; the district's town is `thị trấn Me`."""

HAMLETS: Final = (
    "thôn 1", "thôn 2", "thôn 3", "thôn 5", "thôn 7", "thôn Đông", "thôn Đoài", "thôn Thượng", "thôn Hạ", "thôn Trung",
    "thôn Mai Sơn", "thôn Tùy Hối", "thôn Vân Thị", "thôn Kính Chúc", "thôn Tập Ninh", "xóm Cầu Đen", "xóm Chùa",
)  # fmt: skip

OFFICES: Final = (
    "phòng Nội vụ", "phòng Tài chính - Kế hoạch", "phòng Tài nguyên và Môi trường", "phòng Kinh tế và Hạ tầng",
    "phòng Văn hóa và Thông tin", "phòng Tư pháp", "phòng Giáo dục và Đào tạo", "phòng Nông nghiệp và PTNT",
    "phòng Lao động - TB&XH", "Ban Tuyên giáo Huyện ủy", "Ban Dân vận Huyện ủy", "Thanh tra huyện",
    "Văn phòng HĐND&UBND huyện", "Ban Chỉ huy Quân sự huyện", "Công an huyện",
)  # fmt: skip

UNIONS: Final = (
    "Hội Liên hiệp Phụ nữ", "Hội Nông dân", "Hội Cựu chiến binh", "Đoàn Thanh niên", "Hội Chữ thập đỏ",
    "Liên đoàn Lao động", "Hội Khuyến học", "Hội Người cao tuổi",
)  # fmt: skip

OCCASIONS: Final = (
    "kỷ niệm ngày thành lập Đảng Cộng sản Việt Nam 3/2",
    "kỷ niệm ngày thành lập Đảng Cộng sản Việt Nam 3/2",
    "kỷ niệm ngày thành lập Đoàn TNCS Hồ Chí Minh 26/3",
    "ngày giải phóng miền Nam 30/4 và Quốc tế Lao động 1/5",
    "kỷ niệm ngày sinh Chủ tịch Hồ Chí Minh 19/5",
    "kỷ niệm ngày Báo chí Cách mạng Việt Nam 21/6",
    "kỷ niệm ngày Thương binh - Liệt sĩ 27/7",
    "kỷ niệm Cách mạng Tháng Tám và Quốc khánh 2/9",
    "kỷ niệm ngày truyền thống Mặt trận Tổ quốc Việt Nam",
    "ngày Phụ nữ Việt Nam 20/10",
    "ngày Nhà giáo Việt Nam 20/11",
    "ngày thành lập Quân đội nhân dân Việt Nam 22/12",
)
"""What is celebrated in each month, from January."""

SURNAMES: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh", "Lã", "Tạ",
    "Quách", "Mai",
)  # fmt: skip
MEN: Final = (
    "Văn Hòa", "Đình Quyết", "Quang Huy", "Xuân Thủy", "Mạnh Cường", "Ngọc Sơn", "Đức Thịnh", "Hữu Nghị", "Trọng Khôi",
    "Thanh Tùng", "Văn Khỏe", "Công Lý", "Tiến Dũng", "Hùng Vỹ", "Bá Lộc", "Duy Khánh", "Văn Thuận", "Minh Tuấn",
)  # fmt: skip
WOMEN: Final = (
    "Thị Thúy", "Thị Hoa", "Thu Hằng", "Thị Dung", "Hồng Nhung", "Thị Quỳnh", "Bích Ngọc", "Thị Lụa", "Mai Phương",
    "Thị Tuyết", "Kim Oanh", "Thị Nga", "Thị Huyền",
)  # fmt: skip

REPORTERS: Final = (
    "Hồng Hạ", "Thu Trang", "Minh Đức", "Xuân Trường", "Thùy Linh", "Quốc Khánh", "Hải Yến", "Lan Anh", "Đình Hòa",
    "Phương Thúy", "T.H", "N.T", "Đ.M",
)  # fmt: skip
PUBLISHERS: Final = (
    "Trung tâm VHTT&TT", "Đài Truyền thanh huyện", "Văn phòng HĐND&UBND huyện", "Phòng Nội vụ", "Huyện đoàn",
    "Phòng Văn hóa và Thông tin", "Hội LHPN huyện",
)  # fmt: skip
SOURCES: Final = ("Báo Ninh Bình", "Cổng TTĐT tỉnh Ninh Bình", "TTXVN", "Báo Nhân Dân", "baochinhphu.vn")

YEARS_OF_THE_ZODIAC: Final = {
    2018: "Mậu Tuất", 2019: "Kỷ Hợi", 2020: "Canh Tý", 2021: "Tân Sửu", 2022: "Nhâm Dần", 2023: "Quý Mão",
    2024: "Giáp Thìn", 2025: "Ất Tỵ", 2026: "Bính Ngọ",
}  # fmt: skip

WEEKDAYS: Final = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

OLD_TONES: Final = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ",
    "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ", "Ủy": "Uỷ",
}  # fmt: skip
"""Tone placement after the old rule, for open syllables in oa, oe, uy (`qu` is no such rhyme)."""

OPEN_RHYME: Final = re.compile(r"(?<![qQ])(?:[òóỏõọ][ae]|[ùúủũụỦ]y)(?!\w)")

OTHER_SPELLINGS: Final = (
    ("chiến sĩ", "chiến sỹ"), ("bác sĩ", "bác sỹ"), ("kỹ thuật", "kĩ thuật"), ("tỷ lệ", "tỉ lệ"),
    ("kỷ niệm", "kỉ niệm"),
    ("quản lý", "quản lí"), ("xử lý", "xử lí"), ("đảm bảo", "bảo đảm"), ("kỹ năng", "kĩ năng"),
)  # fmt: skip

ABBREVIATIONS: Final = (
    ("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân"), ("NTM", "nông thôn mới"), ("nông thôn mới", "NTM"),
    ("Đồng chí", "Đ/c"), ("đồng chí", "đ/c"), ("giải phóng mặt bằng", "GPMB"), ("cải cách hành chính", "CCHC"),
    ("Bảo hiểm y tế", "BHYT"), ("an toàn giao thông", "ATGT"),
)  # fmt: skip


def slugify(text: str) -> str:
    """ASCII slug as the portals spell it: `Văn hóa - Xã hội` → `van-hoa-xa-hoi`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
