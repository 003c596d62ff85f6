"""Words for specimens: people and units that nobody is called by, and what they might write."""

from __future__ import annotations

FAMILIES = ("Hoàng", "Nông", "Lý", "Vi", "Lương", "Triệu", "Hứa", "Đàm", "Chu", "Bế", "Phùng", "Mã")
MIDDLES = ("Thị", "Văn", "Minh", "Ngọc", "Đức", "Thu", "Quốc", "Bích", "Hữu", "Thanh", "Kim")
GIVEN = ("Ánh Nguyệt", "Khánh", "Thuỷ", "Quỳnh", "Sỹ", "Hương Giang", "Tuấn", "Yến", "Đạt",
         "Thương", "Vượng", "Phượng", "Kiên")  # fmt: skip
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Quỳnh Phương Thảo Nguyên Mỹ Khuyên"
LONG_SUPERIOR = "Ban Quản lý Khu kinh tế cửa khẩu Đồng Đăng - Lạng Sơn, tỉnh Lạng Sơn"
LONG_AGENCY = (
    "Trung tâm Lưu trữ lịch sử và Dịch vụ sự nghiệp công về tổ chức, cán bộ, thi đua, khen thưởng"
)
UNITS = (
    "Phòng Cải cách hành chính",
    "Phòng Tổ chức, biên chế",
    "Phòng Công chức, viên chức",
    "Văn phòng Sở",
    "Thanh tra Sở",
    "Phòng Văn hóa - Xã hội xã Đồng Đăng",
    "Trung tâm Lưu trữ lịch sử",
)
POSTS = ("Chuyên viên", "Chuyên viên chính", "Phó Trưởng phòng", "Trưởng phòng", "Văn thư viên")
MOVEMENT = (
    "phong trào thi đua đặc biệt lập thành tích chào mừng kỷ niệm 80 năm Ngày thành lập ngành "
    "Tổ chức Nhà nước (28/8/1945 - 28/8/2025)"
)
AWARD = "Giấy khen của Giám đốc Sở Nội vụ"
LAW = "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022"
DECREE = (
    "Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ quy định về phân cấp, phân "
    "quyền trong lĩnh vực thi đua, khen thưởng; quy định chi tiết và hướng dẫn thi hành một số "
    "điều của Luật Thi đua, khen thưởng"
)
PLAN = (
    "Kế hoạch số 173/KH-SNV ngày 12 tháng 7 năm 2024 của Giám đốc Sở Nội vụ phát động " + MOVEMENT
)
SENTENCES = (
    (
        "Chủ động tham mưu triển khai đồng bộ các nội dung Chương trình tổng thể cải cách hành "
        "chính trên địa bàn tỉnh; hoàn thành **100%** nhiệm vụ được giao, bảo đảm chất lượng, "
        "tiến độ."
    ),
    (
        "Tham mưu ban hành 12 kế hoạch, 35 văn bản hướng dẫn về tổ chức bộ máy, biên chế, vị trí "
        "việc làm; thẩm định 20/20 hồ sơ chấm điểm Chỉ số cải cách hành chính của các sở, ban, "
        "ngành."
    ),
    (
        "Thực hiện số hóa 48.500 hồ sơ lưu trữ, đạt 97% kế hoạch; rút ngắn thời gian giải quyết "
        "thủ tục hành chính từ 15 ngày xuống còn 08 ngày làm việc so với quy định."
    ),
    (
        "Phối hợp với các cơ quan, đơn vị tổ chức 06 lớp bồi dưỡng nghiệp vụ cho 420 lượt cán bộ, "
        "công chức cấp xã sau khi thực hiện mô hình chính quyền địa phương 02 cấp."
    ),
    (
        "Đề xuất và áp dụng sáng kiến _“Quy trình điện tử nội bộ trong theo dõi, đôn đốc nhiệm vụ "
        "của Ủy ban nhân dân tỉnh”_, được Hội đồng sáng kiến cấp cơ sở công nhận."
    ),
    (
        "Chấp hành nghiêm chủ trương của Đảng, chính sách, pháp luật của Nhà nước; giữ gìn đoàn "
        "kết nội bộ, thực hành tiết kiệm, chống lãng phí; tham gia đầy đủ các phong trào do ngành "
        "phát động."
    ),
    (
        "Tham gia tổ giúp việc sắp xếp đơn vị hành chính cấp xã: rà soát, tổng hợp số liệu của 194 "
        "đơn vị, xây dựng 65 phương án, giải trình ý kiến thẩm định của các bộ, ngành Trung ương; "
        "phối hợp lấy ý kiến cử tri đạt tỷ lệ đồng thuận 99,2%; hướng dẫn bố trí, sắp xếp cán bộ, "
        "công chức, viên chức và người hoạt động không chuyên trách, giải quyết kịp thời chế độ, "
        "chính sách cho người nghỉ việc; không để xảy ra khiếu nại, tố cáo kéo dài, vượt cấp, bảo "
        "đảm hoạt động của bộ máy thông suốt, không gián đoạn."
    ),
)
ITEMS = (
    "- Trình cấp có thẩm quyền ban hành 04 nghị quyết, 09 quyết định quy phạm pháp luật;\n"
    "- Kiểm tra công vụ tại 18 cơ quan, đơn vị, trong đó:\n"
    "+ 11 cuộc kiểm tra theo kế hoạch;\n"
    "+ 07 cuộc kiểm tra đột xuất;\n"
    "- Giải quyết đúng hạn 1.284/1.284 hồ sơ thủ tục hành chính."
)
TABLE = (
    "| Chỉ tiêu | Kế hoạch | Thực hiện | Tỷ lệ (%) |\n"
    "| Hồ sơ giải quyết đúng hạn | 1.200 | 1.284 | 107,0 |\n"
    "| Văn bản tham mưu | 40 | 47 | 117,5 |\n"
    "| Lớp bồi dưỡng nghiệp vụ | 05 | 06 | 120,0 |"
)

KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 2
MONTHS = [f"Tháng {month}" for month in range(1, 10)]
UNBROKEN = (
    f"Tài liệu kiểm chứng: {KEY}.\n"
    f"| Tài liệu | Mã tệp | Ghi chú |\n"
    f"| Quyết định công nhận sáng kiến | {KEY} | Bản điện tử |\n"
    "Số liệu theo tháng:\n"
    f"| {' | '.join(MONTHS)} |\n"
    f"|{' 123.456 |' * len(MONTHS)}"
)


def name(i: int) -> str:
    """A name for each number, different from its neighbours'."""
    family, middle = FAMILIES[i % len(FAMILIES)], MIDDLES[i * 5 % len(MIDDLES)]
    return f"{family} {middle} {GIVEN[i * 7 % len(GIVEN)]}"


def polite(i: int) -> str:
    return f"{'Bà' if ' Thị ' in name(i) else 'Ông'} {name(i)}"


def unit(i: int) -> str:
    return UNITS[i * 3 % len(UNITS)]


def post(i: int) -> str:
    return POSTS[i * 2 % len(POSTS)]


def prose(sentences: int, first: int = 0) -> str:
    """So many paragraphs, now and then with a list below them."""
    found = []
    for i in range(first, first + sentences):
        found.append(SENTENCES[i % len(SENTENCES)])
        if i % 5 == 4:
            found.append(ITEMS)
        if i % 9 == 8:
            found.append(TABLE)
        if i == 28:
            found.append(UNBROKEN)
    return "\n".join(found)
