"""Abbreviations of Vietnamese administration and what they stand for, and places that changed their names.

A *form* is a sequence of terms. Forms that mean the same are equal for search, whichever one was typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from gvreader.frozen import dataclass
from gvreader.vietnamese.letters import fold
from gvreader.vietnamese.places import RENAMED
from gvreader.vietnamese.words import fold_term, is_open, terms, twin

# One meaning a line: the ways of writing it. An abbreviation with several meanings has several lines. What can
# be read as a word (TƯ in "đầu tư", TU, HU) is no abbreviation here: it would find every article with that word.
_TABLE: Final = """
UBND | ủy ban nhân dân
HĐND | hội đồng nhân dân
HĐND&UBND | hội đồng nhân dân và ủy ban nhân dân
UBMTTQ | ủy ban mặt trận tổ quốc | ủy ban MTTQ | UB MTTQ
UBMTTQVN | ủy ban mặt trận tổ quốc Việt Nam | ủy ban MTTQ Việt Nam | UBMTTQ Việt Nam | UBMTTQ VN
MTTQ | mặt trận tổ quốc
MTTQVN | mặt trận tổ quốc Việt Nam | MTTQ Việt Nam
BCH | ban chấp hành
BCH | ban chỉ huy
BTV | ban thường vụ
UVBTV | ủy viên ban thường vụ
UVBCH | ủy viên ban chấp hành
BCĐ | ban chỉ đạo
BQL | ban quản lý
BQLDA | ban quản lý dự án
BTC | ban tổ chức
BTG | ban tuyên giáo
UBKT | ủy ban kiểm tra
UBTVQH | ủy ban thường vụ quốc hội
TW | T.Ư | trung ương
QĐ | quyết định
KH | kế hoạch
KH | khoa học
BC | báo cáo
CT | chỉ thị
CT | chủ tịch
CT | chương trình
CTr | chương trình
NQ | nghị quyết
NĐ | nghị định
TTr | tờ trình
TB | thông báo
TB | thương binh
HD | hướng dẫn
CV | công văn
GM | giấy mời
KL | kết luận
CP | chính phủ
TTg | thủ tướng
QH | quốc hội
QH | quy hoạch
ĐBQH | đại biểu quốc hội
HĐ | hội đồng
HĐ | hợp đồng
TP | thành phố
TX | thị xã
TT | thị trấn
ĐVHC | đơn vị hành chính
VP | văn phòng
Đ/c | đồng chí
ĐH | đại hội
ĐH | đại học
NTM | nông thôn mới
KT-XH | KTXH | kinh tế xã hội | kinh tế và xã hội
KT | kinh tế
XH | xã hội
VH-XH | VHXH | văn hóa xã hội
QP-AN | QPAN | quốc phòng an ninh | quốc phòng và an ninh
AN-QP | ANQP | an ninh quốc phòng
ANCT | an ninh chính trị
ANTT | an ninh trật tự
TTATXH | trật tự an toàn xã hội
ATXH | an toàn xã hội
ATGT | an toàn giao thông
TTATGT | trật tự an toàn giao thông
PCCC | phòng cháy chữa cháy
CNCH | cứu nạn cứu hộ
PCTT | phòng chống thiên tai
TKCN | tìm kiếm cứu nạn
PCTN | phòng chống tham nhũng
TNXH | tệ nạn xã hội
PBGDPL | phổ biến giáo dục pháp luật
VHTT | văn hóa thông tin
VHTT | văn hóa thể thao | văn hóa và thể thao
VHTT&TT | văn hóa thể thao và truyền thanh | văn hóa thể thao và truyền thông
VHTT&TT | văn hóa thông tin và truyền thông | văn hóa thông tin và truyền thanh
VHTT&DL | VHTTDL | văn hóa thể thao và du lịch
VHVN | văn hóa văn nghệ
TDTT | thể dục thể thao
TDĐKXDĐSVH | toàn dân đoàn kết xây dựng đời sống văn hóa
GD&ĐT | GDĐT | GD-ĐT | giáo dục và đào tạo | giáo dục đào tạo
GD | giáo dục
GDTX | giáo dục thường xuyên
GDNN | giáo dục nghề nghiệp
LĐTB&XH | LĐTBXH | LĐ-TB&XH | LĐ-TBXH | lao động thương binh và xã hội | lao động thương binh xã hội
TN&MT | TNMT | tài nguyên và môi trường | tài nguyên môi trường
NN&PTNT | NNPTNT | NN-PTNT | nông nghiệp và phát triển nông thôn
NN&MT | NNMT | nông nghiệp và môi trường
KH&ĐT | KHĐT | kế hoạch và đầu tư | kế hoạch đầu tư
KH&CN | KHCN | khoa học và công nghệ | khoa học công nghệ
TT&TT | thông tin và truyền thông | thông tin truyền thông
TC-KH | TCKH | tài chính kế hoạch
KT&HT | KTHT | kinh tế và hạ tầng | kinh tế hạ tầng
GTVT | giao thông vận tải
CNTT | công nghệ thông tin
CĐS | chuyển đổi số
CCHC | cải cách hành chính
TTHC | thủ tục hành chính
DVC | dịch vụ công
DVCTT | dịch vụ công trực tuyến
GPMB | giải phóng mặt bằng
QLDA | quản lý dự án
QLNN | quản lý nhà nước
QSDĐ | quyền sử dụng đất
XDCB | xây dựng cơ bản
CSHT | cơ sở hạ tầng
CSVC | cơ sở vật chất
NSNN | ngân sách nhà nước
KBNN | kho bạc nhà nước
CSXH | chính sách xã hội
NHCSXH | ngân hàng chính sách xã hội
DN | doanh nghiệp
HTX | hợp tác xã
CCN | cụm công nghiệp
KCN | khu công nghiệp
KDC | khu dân cư
TDP | tổ dân phố
TTCN | tiểu thủ công nghiệp
SXKD | sản xuất kinh doanh
SXNN | sản xuất nông nghiệp
BVTV | bảo vệ thực vật
BVMT | bảo vệ môi trường
VSMT | vệ sinh môi trường
ATTP | an toàn thực phẩm
VSATTP | vệ sinh an toàn thực phẩm
BHXH | bảo hiểm xã hội
BHYT | bảo hiểm y tế
BHTN | bảo hiểm thất nghiệp
TTYT | trung tâm y tế
TYT | trạm y tế
DS-KHHGĐ | DSKHHGĐ | dân số kế hoạch hóa gia đình
SKSS | sức khỏe sinh sản
BV | bệnh viện
BVĐK | bệnh viện đa khoa
THPT | trung học phổ thông
THCS | trung học cơ sở
CBCC | cán bộ công chức
CBCCVC | cán bộ công chức viên chức
CBĐV | cán bộ đảng viên
CB | cán bộ
LLVT | lực lượng vũ trang
LLVTND | lực lượng vũ trang nhân dân
DQTV | dân quân tự vệ
NVQS | nghĩa vụ quân sự
CHQS | chỉ huy quân sự
QĐND | quân đội nhân dân
CAND | công an nhân dân
CCB | cựu chiến binh
TNXP | thanh niên xung phong
TNCS | thanh niên cộng sản
ĐTN | đoàn thanh niên
LHPN | liên hiệp phụ nữ
LĐLĐ | liên đoàn lao động
HND | hội nông dân
NCT | người cao tuổi
NCC | người có công
MTQG | mục tiêu quốc gia
XĐGN | xóa đói giảm nghèo
TAND | tòa án nhân dân
VKSND | viện kiểm sát nhân dân
THADS | thi hành án dân sự
TXCT | tiếp xúc cử tri
KNTC | khiếu nại tố cáo
CLB | câu lạc bộ
ĐCSVN | đảng cộng sản Việt Nam
CHXHCN | cộng hòa xã hội chủ nghĩa
BCT | bộ chính trị
BNV | bộ nội vụ
BYT | bộ y tế
"""

Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way of writing what was typed: its terms, and how people write it."""

    terms: Form
    shown: str


class Abbreviations:
    """Which forms mean the same. Built once, then only asked."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        """`groups`: each the ways of writing one meaning."""
        self._groups = tuple(tuple(group) for group in groups)

    @cached_property
    def _groups_of(self) -> dict[Form, list[int]]:
        """The groups of each folded form, found out when the first query asks."""
        found: defaultdict[Form, list[int]] = defaultdict(list)
        # One fold of the whole table is a tenth of the price of one a form.
        folded_groups = fold("\n".join("|".join(group) for group in self._groups)).split("\n")
        for number, group in enumerate(folded_groups):
            for folded in {_folded_terms(text) for text in group.split("|")}:
                if folded:
                    found[folded].append(number)
        return dict(found)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._groups_of), default=0)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Each meaning: the ways of writing it."""
        return self._groups

    def extended(self, meanings: Mapping[str, Sequence[str]]) -> Abbreviations:
        """This table and some more: each abbreviation with what it stands for."""
        more = tuple((name, meaning) for name, several in meanings.items() for meaning in several)
        return Abbreviations((*self._groups, *more)) if more else self

    def at(self, words: Sequence[str], start: int) -> tuple[int, tuple[Alternative, ...]]:
        """The longest form that begins at `words[start]`: its length in words, and what else means the same.

        A typed word with marks stands for that spelling only, one without for all. (0, ()) when there is none.
        """
        for length in range(min(self._longest, len(words) - start), 0, -1):
            typed = tuple(words[start : start + length])
            alternatives: dict[Form, Alternative] = {}
            for number in self._groups_of.get(tuple(map(fold_term, typed)), ()):
                for other in self._others(number, typed):
                    alternatives.setdefault(other.terms, other)
            if alternatives:
                return length, tuple(alternatives.values())
        return 0, ()

    def _others(self, number: int, typed: Form) -> Iterator[Alternative]:
        """The forms of one group that are not `typed`, for each that is."""
        forms = [Alternative(tuple(terms(text)), text) for text in self._groups[number]]
        for form in forms:
            if _stand_for(typed, form.terms):
                yield from (other for other in forms if other.terms != form.terms)


def _folded_terms(text: str) -> Form:
    """The terms of a folded form; plain words need no reading of signs."""
    return tuple(text.split()) if text.replace(" ", "").isalpha() else tuple(terms(text))


def _stand_for(typed: Form, form: Form) -> bool:
    return tuple(map(fold_term, typed)) == tuple(map(fold_term, form)) and all(map(_stands_for, typed, form))


def _stands_for(typed: str, term: str) -> bool:
    return is_open(typed) or typed == term or twin(typed) == term


def _table() -> list[tuple[str, ...]]:
    return [tuple(form.strip() for form in line.split("|")) for line in _TABLE.strip().splitlines()]


DEFAULT: Final = Abbreviations([*_table(), *RENAMED])
