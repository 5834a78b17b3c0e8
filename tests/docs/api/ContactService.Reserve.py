from pathlib import Path

import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.contact_service_pb2 import ReserveRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
request = ReserveRequest(subject=Subject(user_id="u1"), plan="nudge", request_id="r-1")
answer = ContactServiceStub(channel).Reserve(request, timeout=1)
Path("contact.txt").write_text(answer.contact.contact_id)
print(Verdict.Name(answer.verdict), answer.contact.content, answer.contact.channel, answer.contact.occurrence)
